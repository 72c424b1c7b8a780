// The addresses that a flood of random clients comes from.
#pragma once

#include <cstdint>

namespace dataplane::traffic {

inline constexpr std::uint32_t kFloodSources = 10'000'000;

// The nth of them: all distinct, spread over the first octets 1 to 223.
constexpr std::uint32_t flood_source(std::uint32_t nth) noexcept {
  constexpr std::uint32_t kFirstOctets = 223;
  constexpr std::uint32_t kOdd = 0x9E3779;  // so that a multiple modulo 2^24 tells the factor
  static_assert(kFloodSources / kFirstOctets < 1 << 24 && kOdd % 2 == 1);
  return (1 + nth % kFirstOctets) << 24 | (nth / kFirstOctets * kOdd & 0xFFFFFF);
}

}  // namespace dataplane::traffic
