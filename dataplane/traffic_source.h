// Where generated frames come from at a rate that is set: a queue's worker sees a port like any other.
#pragma once

#include <cstdint>
#include <limits>

namespace dataplane {

inline constexpr double kAsFastAsItGoes = std::numeric_limits<double>::infinity();

// Since the start, of all queues. All that was offered is received, lost, or still waits to be received.
struct TrafficCounters {
  std::uint64_t offered = 0;
  std::uint64_t received = 0;   // by the workers
  std::uint64_t missed = 0;     // lost because the RX queue was full
  std::uint64_t no_buffer = 0;  // lost because no packet buffer was free
  std::uint64_t elsewhere = 0;  // lost in another place: on the cable, or broken
  std::uint64_t source_ns = 0;  // of the workers' time: what the source itself took

  std::uint64_t lost() const noexcept { return missed + no_buffer + elsewhere; }
};

// One thread controls.
class TrafficSource {
 public:
  virtual ~TrafficSource() = default;
  TrafficSource() = default;
  TrafficSource(const TrafficSource&) = delete;
  TrafficSource& operator=(const TrafficSource&) = delete;

  // Frames per second, of all queues together; 0: none.
  virtual void set_rate(double frames_per_s) noexcept = 0;
  virtual TrafficCounters counters() const noexcept = 0;

  // What a frame takes on the wire on average, without the frame check sequence.
  virtual double mean_octets() const noexcept = 0;
};

}  // namespace dataplane
