// A counter that runs evenly, the TSC's or a NIC's, as time since 1970.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace dataplane {

// One thread steers, any thread reads without waiting. Time never goes back and never stands still while
// ticks grow. It follows the system's clock by running a little faster or slower: by up to 500 ppm, or by a
// tenth if it is more than a second off; only where it is more than a second behind it jumps.
class TickClock {
 public:
  TickClock(std::uint64_t ticks, std::int64_t wall_ns, double ns_per_tick) noexcept;

  // Of ticks at or somewhat before the last steer(), too.
  std::int64_t time_ns(std::uint64_t ticks) const noexcept;

  // The system's clock said `wall_ns` at `ticks`. To be called about once a second, by one thread.
  void steer(std::uint64_t ticks, std::int64_t wall_ns) noexcept;

 private:
  // time = base + (ticks - start) * rate, the rate in 2^-32 ns a tick.
  struct Line {
    std::atomic<std::uint64_t> start_ticks{0};
    std::atomic<std::int64_t> base_ns{0};
    std::atomic<std::uint64_t> rate{0};
  };

  void draw(std::uint64_t ticks, std::int64_t base_ns, double ns_per_tick) noexcept;

  const double ns_per_tick_;
  std::atomic<std::uint32_t> lines_drawn_{0};
  std::array<Line, 2> lines_;  // by turns, so that a reader is never in the way
};

}  // namespace dataplane
