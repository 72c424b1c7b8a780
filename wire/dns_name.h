// A domain name as bytes: lower-cased wire form, so that equal names are equal bytes.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "wire/hash.h"

namespace wire {

inline constexpr std::size_t kMaxNameOctets = 255;  // RFC 1035 section 2.3.4, length octets and root included

struct DnsName {
  std::uint8_t length = 0;  // octets used; 0: no name at all, 1: the root
  // Labels with their length octets, ASCII lower-cased (RFC 4343). There is room behind the longest name, so
  // that copies may be of whole blocks; what stands behind `length` means nothing.
  std::array<std::uint8_t, 288> octets;

  std::span<const std::uint8_t> wire() const noexcept { return {octets.data(), length}; }
  std::uint64_t hash() const noexcept;
};

// In blocks of 16 octets, as they were written: the processor hands such a block on before it is in memory.
// What is in the last one behind the name is shifted out.
[[gnu::always_inline]] inline std::uint64_t DnsName::hash() const noexcept {
  constexpr std::size_t kBlock = sizeof(Uint128);
  const std::uint8_t* at = octets.data();
  std::size_t left = length;
  std::uint64_t state = kHashSeedA ^ length;
  for (; left > kBlock; left -= kBlock, at += kBlock) {
    state = mix(load_u64(at) ^ kHashSeedB, load_u64(at + 8) ^ state);
  }
  Uint128 last = 0;
  if (left > 0) {
    std::memcpy(&last, at, kBlock);
    last <<= 8 * (kBlock - left);
  }
  const auto low = static_cast<std::uint64_t>(last);
  const auto high = static_cast<std::uint64_t>(last >> 64);
  return mix(mix(low ^ kHashSeedB, high ^ state), kHashSeedA);
}

// Presentation form without the final dot, "." for the root; octets that are not printable and the characters
// that are special in a zone file are escaped (RFC 1035 section 5.1).
std::string to_text(std::span<const std::uint8_t> wire_name);

}  // namespace wire
