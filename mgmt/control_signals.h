// The signals by which an operator steers a capture, taken one by one by the thread that asks for them.
#pragma once

#include <chrono>
#include <csignal>

namespace mgmt {

// SIGINT, SIGTERM and SIGHUP. Made before the other threads, which inherit that they are blocked.
class ControlSignals {
 public:
  ControlSignals();  // throws std::system_error
  // From here on they end the program, as they do any other; those that came before asked for what is done.
  // But a hangup asks for the configuration to be read again, which is no reason to lose the report.
  ~ControlSignals();
  ControlSignals(const ControlSignals&) = delete;
  ControlSignals& operator=(const ControlSignals&) = delete;

  // Waits for one, or until `descriptor` can be read; 0 if none came.
  int wait_for(std::chrono::milliseconds time, int descriptor) const noexcept;

 private:
  int take() const noexcept;

  sigset_t set_{};
  int descriptor_;
};

}  // namespace mgmt
