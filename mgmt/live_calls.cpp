#include "mgmt/live_calls.h"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace mgmt {

LiveCalls::LiveCalls() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

LiveCalls::~LiveCalls() {
  close(descriptor_);
}

void LiveCalls::serve() {
  constexpr int kMost = 64;
  std::uint64_t calls = 0;
  [[maybe_unused]] const ssize_t taken = read(descriptor_, &calls, sizeof calls);
  for (int served = 0; served < kMost; ++served) {
    Waiting* next = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) return;
      next = waiting_.front();
      waiting_.pop_front();
    }
    try {
      next->call();
    } catch (...) {
      next->failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    next->done = true;
    answered_.notify_all();
  }
  wake();
}

void LiveCalls::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  waiting_.clear();
  answered_.notify_all();
}

void LiveCalls::do_there(std::function<void()> call) {
  Waiting self{std::move(call), nullptr, false};
  std::unique_lock lock(mutex_);
  if (ended_) return;
  waiting_.push_back(&self);
  wake();
  // What is being done when the end comes is done before: both happen on the control thread.
  answered_.wait(lock, [&] { return self.done || ended_; });
  if (self.failure) std::rethrow_exception(self.failure);
}

void LiveCalls::wake() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(descriptor_, &one, sizeof one);
}

}  // namespace mgmt
