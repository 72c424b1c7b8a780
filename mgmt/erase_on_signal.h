// A line that is drawn over again must not stay on the terminal when the program is interrupted.
#pragma once

#include <array>
#include <string_view>

#include <signal.h>

namespace mgmt {

inline constexpr std::string_view kEraseLine = "\r\x1b[K";

// While it lives, SIGINT, SIGTERM and SIGHUP erase the line of standard error before they end the program as
// ever; those that were ignored, as nohup does, stay so. The signals belong to the process: one at a time.
class EraseOnSignal {
 public:
  EraseOnSignal() noexcept;
  ~EraseOnSignal();
  EraseOnSignal(const EraseOnSignal&) = delete;
  EraseOnSignal& operator=(const EraseOnSignal&) = delete;

 private:
  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

  std::array<struct sigaction, kSignals.size()> before_;
};

}  // namespace mgmt
