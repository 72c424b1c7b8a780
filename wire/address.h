// An IP address of either family, in the 16 bytes of IPv6.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>

#include "wire/hash.h"

namespace wire {

static_assert(std::endian::native == std::endian::little, "Address keeps network bytes in two words");

// IPv4 is kept IPv4-mapped, ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). The words hold the bytes as on the
// wire.
struct Address {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  static Address v4(const std::uint8_t* bytes) noexcept {
    std::uint32_t word;
    std::memcpy(&word, bytes, sizeof word);
    return {0, (std::uint64_t{word} << 32) | 0xFFFF0000};
  }
  static Address v6(const std::uint8_t* bytes) noexcept { return {load_u64(bytes), load_u64(bytes + 8)}; }

  bool is_v4() const noexcept { return high == 0 && (low & 0xFFFFFFFF) == 0xFFFF0000; }

  friend bool operator==(const Address&, const Address&) = default;
  friend std::strong_ordering operator<=>(const Address& a, const Address& b) noexcept {  // As numbers.
    if (a.high != b.high) return __builtin_bswap64(a.high) <=> __builtin_bswap64(b.high);
    return __builtin_bswap64(a.low) <=> __builtin_bswap64(b.low);
  }
};
static_assert(sizeof(Address) == 16);

inline std::uint64_t hash(const Address& address) noexcept {
  return mix(address.high ^ kHashSeedA, address.low ^ kHashSeedB);
}

// Dotted quad, or RFC 5952 text.
std::string to_text(const Address& address);

}  // namespace wire
