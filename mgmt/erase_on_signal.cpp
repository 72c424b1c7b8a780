#include "mgmt/erase_on_signal.h"

#include <unistd.h>

namespace mgmt {
namespace {

// Only what may be called in a signal handler. Raised again, the signal finds the default action, which
// SA_RESETHAND has put back, once this returns: whoever waits for the program sees the signal that ended it.
extern "C" void erase_and_end(int signal) {
  if (write(STDERR_FILENO, kEraseLine.data(), kEraseLine.size()) < 0) {
    // The terminal went away, and the line with it.
  }
  raise(signal);
}

}  // namespace

EraseOnSignal::EraseOnSignal() noexcept {
  struct sigaction erase {};
  erase.sa_handler = erase_and_end;
  erase.sa_flags = static_cast<int>(SA_RESETHAND);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &erase, nullptr);
  }
}

EraseOnSignal::~EraseOnSignal() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
}

}  // namespace mgmt
