#include "mgmt/control_signals.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace mgmt {

ControlSignals::ControlSignals() {
  sigemptyset(&set_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, number);
  descriptor_ = signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

ControlSignals::~ControlSignals() {
  while (take() > 0) {
  }
  close(descriptor_);
  sigdelset(&set_, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
}

int ControlSignals::wait_for(std::chrono::milliseconds time, int descriptor) const noexcept {
  std::array<pollfd, 2> ready = {{{descriptor_, POLLIN, 0}, {descriptor, POLLIN, 0}}};
  poll(ready.data(), ready.size(), static_cast<int>(time.count()));
  return take();
}

int ControlSignals::take() const noexcept {
  const std::timespec at_once{};
  return std::max(sigtimedwait(&set_, nullptr, &at_once), 0);
}

}  // namespace mgmt
