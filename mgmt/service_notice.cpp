#include "mgmt/service_notice.h"

#include <cstdint>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>

namespace mgmt {
namespace {

void notify(const std::string& state) {
  sd_notify(0, state.c_str());
}

// systemd tells a reload that goes on from one that is over by this time (systemd.service(5), notify-reload).
std::uint64_t monotonic_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

}  // namespace

ServiceNotice::ServiceNotice() {
  std::uint64_t watchdog_us = 0;
  if (sd_watchdog_enabled(0, &watchdog_us) > 0) watchdog_ = std::chrono::microseconds(watchdog_us);
}

void ServiceNotice::ready() {
  notify("READY=1");
}

void ServiceNotice::reloading() {
  notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_us()));
}

void ServiceNotice::stopping() {
  notify("STOPPING=1");
}

void ServiceNotice::alive(bool moving) {
  if (watchdog_.count() == 0 || !moving || Clock::now() < next_) return;
  notify("WATCHDOG=1");
  next_ = Clock::now() + watchdog_ / 4;
}

void ServiceNotice::status(const std::string& line) {
  notify("STATUS=" + line);
}

}  // namespace mgmt
