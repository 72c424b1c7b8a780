// A pipe in the place of standard input or output, whose end there does not block.
#pragma once

#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace tests {

// `descriptor` is STDIN_FILENO or STDOUT_FILENO; what was there comes back in the end.
class NonBlockingPipe {
 public:
  explicit NonBlockingPipe(int descriptor) : descriptor_(descriptor), saved_(::dup(descriptor)) {
    int ends[2];
    if (saved_ < 0 || ::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const int here = ends[descriptor];
    other_ = ends[1 - descriptor];
    ::fcntl(here, F_SETFL, O_NONBLOCK);
    ::dup2(here, descriptor);
    ::close(here);
  }
  NonBlockingPipe(const NonBlockingPipe&) = delete;
  NonBlockingPipe& operator=(const NonBlockingPipe&) = delete;
  ~NonBlockingPipe() {
    restore();
    ::close(other_);
  }

  int other_end() const noexcept { return other_; }
  void close_other_end() noexcept {
    ::close(other_);
    other_ = -1;
  }
  void restore() noexcept {
    if (saved_ < 0) return;
    ::dup2(saved_, descriptor_);
    ::close(saved_);
    saved_ = -1;
  }

 private:
  int descriptor_;
  int saved_;
  int other_ = -1;
};

}  // namespace tests
