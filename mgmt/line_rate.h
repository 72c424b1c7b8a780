// Rates as Ethernet counts them.
#pragma once

#include <array>

namespace mgmt {

// What a frame takes on the wire beside the octets that are captured (IEEE 802.3): preamble and start
// delimiter, frame check sequence, and the gap before the next frame.
inline constexpr double kOctetsAroundFrame = 8 + 4 + 12;

inline constexpr std::array<unsigned, 4> kLinksGbps = {10, 25, 40, 100};

// `octets` of a frame on average, without the frame check sequence.
constexpr double wire_gbps(double frames_per_s, double octets) noexcept {
  return frames_per_s * (octets + kOctetsAroundFrame) * 8 / 1e9;
}

// How many such frames fill a link.
constexpr double line_rate(double link_gbps, double octets) noexcept {
  return link_gbps * 1e9 / ((octets + kOctetsAroundFrame) * 8);
}

}  // namespace mgmt
