// Packet time is cut into windows of a second.
#pragma once

#include <cstdint>

namespace dataplane {

inline constexpr std::uint64_t kPacketWindowNs = 1'000'000'000;

// The second since 1970 that a frame of this order belongs to; orders are packet times.
constexpr std::uint64_t packet_window_of(std::uint64_t order) noexcept {
  return order / kPacketWindowNs;
}

// Files hold times that are none. What is later than this, in 2106, counts as this for the order: so seconds
// fit 32 bits, and what follows such a second still fits 64 bits of nanoseconds.
inline constexpr std::uint64_t kLastPacketWindow = 0xFFFFFFFE;

}  // namespace dataplane
