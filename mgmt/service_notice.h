// What systemd is told of a service with Type=notify (sd_notify(3)). Nobody is told outside of one.
#pragma once

#include <chrono>
#include <string>

namespace mgmt {

// One thread.
class ServiceNotice {
 public:
  ServiceNotice();

  void ready();
  void reloading();  // until ready() again
  void stopping();

  // `moving`: the work goes on. If it has not for the watchdog's time, systemd ends the service and starts it
  // again.
  void alive(bool moving);

  // One line for 'systemctl status'.
  void status(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;

  std::chrono::microseconds watchdog_{0};  // 0: there is none
  Clock::time_point next_;
};

}  // namespace mgmt
