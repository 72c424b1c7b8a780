#include "dataplane/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dataplane {

FileSource::FileSource(const std::string& path, std::atomic<std::uint64_t>& progress) : progress_(progress) {
  if (path == "-") {
    descriptor_ = STDIN_FILENO;
  } else {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    owned_ = descriptor_ >= 0;
  }
  if (descriptor_ < 0)
    fail("cannot be opened", errno);
  else
    inspect();
}

FileSource::~FileSource() {
  if (owned_) ::close(descriptor_);
}

void FileSource::inspect() {
  struct stat status;
  if (::fstat(descriptor_, &status) != 0) return fail("cannot be read", errno);
  if (S_ISDIR(status.st_mode)) return fail("cannot be read", EISDIR);
  if (!S_ISREG(status.st_mode)) {
    size_.reset();
    return;
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

void FileSource::fail(const char* what, int error) {
  fault_ = std::string(what) + ": " + std::system_category().message(error);
}

// Standard input may have been made non-blocking by whoever shares it.
bool FileSource::wait_if_nothing_is_there() const noexcept {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  pollfd input{descriptor_, POLLIN, 0};
  return ::poll(&input, 1, -1) >= 0 || errno == EINTR;
}

std::size_t FileSource::read(std::span<std::uint8_t> into) {
  if (!fault_.empty()) return 0;
  ssize_t count;
  do {
    count = ::read(descriptor_, into.data(), into.size());
  } while (count < 0 && wait_if_nothing_is_there());
  if (count < 0) {
    fail("cannot be read", errno);
    return 0;
  }
  read_ += static_cast<std::uint64_t>(count);
  progress_.fetch_add(static_cast<std::uint64_t>(count), std::memory_order_relaxed);
  return static_cast<std::size_t>(count);
}

std::size_t MemorySource::read(std::span<std::uint8_t> into) {
  const std::size_t count = std::min(into.size(), rest_.size());
  if (count > 0) std::memcpy(into.data(), rest_.data(), count);
  rest_ = rest_.subspan(count);
  return count;
}

}  // namespace dataplane
