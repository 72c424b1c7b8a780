// When a packet was received: the port's own time if it has one, else the TSC's once a burst.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include "dataplane/tick_clock.h"

namespace dataplane {

class PacketTime {
 public:
  // `port_stamps`: the port was asked to stamp frames, or always does. `driver` tells in what unit.
  PacketTime(std::uint16_t port, std::string_view driver, bool port_stamps, bool of_a_file);

  // Of a burst that was received just now.
  std::int64_t now_ns() const noexcept;

  // Of one frame of it.
  std::int64_t of(const rte_mbuf& buffer, std::int64_t burst_ns) const noexcept {
    if (unit_ == Unit::kNone || (buffer.ol_flags & flag_) == 0) return burst_ns;
    const std::uint64_t stamp = *RTE_MBUF_DYNFIELD(&buffer, offset_, const std::uint64_t*);
    const std::int64_t stamp_ns =
        unit_ == Unit::kTicks ? device_clock_->time_ns(stamp) : static_cast<std::int64_t>(stamp * 1000);
    return of_a_file_ ? stamp_ns : near(stamp_ns, burst_ns);
  }

  bool stamped() const noexcept { return unit_ != Unit::kNone; }

  // The times are those of a capture file, which have nothing to do with today.
  bool of_a_file() const noexcept { return of_a_file_; }

  // About once a second, by one thread.
  void steer();

 private:
  enum class Unit : std::uint8_t {
    kNone,
    kMicroseconds,
    kTicks
  };

  // A stamp that is far from the clock is none: believed, it would carry all that follows with it.
  static std::int64_t near(std::int64_t stamp_ns, std::int64_t burst_ns) noexcept {
    constexpr std::int64_t kFarNs = 1'000'000'000;
    const bool far = stamp_ns < burst_ns - kFarNs || stamp_ns > burst_ns + kFarNs;
    return far ? burst_ns : stamp_ns;
  }
  void start_device_clock();

  std::uint16_t port_;
  bool of_a_file_;
  Unit unit_ = Unit::kNone;
  int offset_ = -1;
  std::uint64_t flag_ = 0;
  TickClock tsc_clock_;
  std::optional<TickClock> device_clock_;
};

}  // namespace dataplane
