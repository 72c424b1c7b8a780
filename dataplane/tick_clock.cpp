#include "dataplane/tick_clock.h"

#include <algorithm>
#include <cmath>

namespace dataplane {
namespace {

constexpr double kCorrectWithinNs = 4e9;
constexpr double kSmallCorrection = 500e-6;
constexpr double kLargeCorrection = 0.1;
constexpr double kLargeErrorNs = 1e9;
constexpr double kFixedPoint = 4294967296.0;
__extension__ using Wide = __int128;  // of g++ and clang

double correction_of(double error_ns) noexcept {
  const double most = std::abs(error_ns) > kLargeErrorNs ? kLargeCorrection : kSmallCorrection;
  return std::clamp(error_ns / kCorrectWithinNs, -most, most);
}

}  // namespace

TickClock::TickClock(std::uint64_t ticks, std::int64_t wall_ns, double ns_per_tick) noexcept
    : ns_per_tick_(ns_per_tick) {
  draw(ticks, wall_ns, ns_per_tick);
}

std::int64_t TickClock::time_ns(std::uint64_t ticks) const noexcept {
  for (;;) {
    const std::uint32_t drawn = lines_drawn_.load(std::memory_order_acquire);
    const Line& line = lines_[drawn % 2];
    const auto elapsed = static_cast<std::int64_t>(ticks - line.start_ticks.load(std::memory_order_acquire));
    const std::int64_t base_ns = line.base_ns.load(std::memory_order_acquire);
    const std::uint64_t rate = line.rate.load(std::memory_order_acquire);
    if (lines_drawn_.load(std::memory_order_relaxed) != drawn) continue;
    return base_ns + static_cast<std::int64_t>((static_cast<Wide>(elapsed) * rate) >> 32);
  }
}

void TickClock::steer(std::uint64_t ticks, std::int64_t wall_ns) noexcept {
  const std::int64_t ours_ns = time_ns(ticks);
  const auto error_ns = static_cast<double>(wall_ns - ours_ns);
  if (error_ns > kLargeErrorNs) {
    draw(ticks, wall_ns, ns_per_tick_);
  } else {
    draw(ticks, ours_ns, ns_per_tick_ * (1 + correction_of(error_ns)));
  }
}

void TickClock::draw(std::uint64_t ticks, std::int64_t base_ns, double ns_per_tick) noexcept {
  const std::uint32_t drawn = lines_drawn_.load(std::memory_order_relaxed) + 1;
  Line& line = lines_[drawn % 2];
  line.start_ticks.store(ticks, std::memory_order_relaxed);
  line.base_ns.store(base_ns, std::memory_order_relaxed);
  line.rate.store(static_cast<std::uint64_t>(std::llround(ns_per_tick * kFixedPoint)),
                  std::memory_order_relaxed);
  lines_drawn_.store(drawn, std::memory_order_release);
}

}  // namespace dataplane
