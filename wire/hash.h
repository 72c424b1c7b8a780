// Hashing of keys that arrive in packets: fast on short inputs, the same on every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace wire {

__extension__ typedef unsigned __int128 Uint128;  // ISO C++ has none

// Folds the 128-bit product: each input bit reaches every output bit.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  const auto product = static_cast<Uint128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline constexpr std::uint64_t kHashSeedA = 0x9E3779B97F4A7C15;
inline constexpr std::uint64_t kHashSeedB = 0xE7037ED1A0B428DB;

inline std::uint64_t load_u64(const std::uint8_t* at) noexcept {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Hashes `size` bytes; eight at a time, the last ones zero-extended, the length mixed in.
inline std::uint64_t hash_bytes(const std::uint8_t* bytes, std::size_t size) noexcept {
  std::uint64_t state = kHashSeedA ^ size;
  while (size > 16) {
    state = mix(load_u64(bytes) ^ kHashSeedB, load_u64(bytes + 8) ^ state);
    bytes += 16;
    size -= 16;
  }
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (size >= 8) {  // Two overlapping loads cover 8 to 16 bytes.
    low = load_u64(bytes);
    high = load_u64(bytes + size - 8);
  } else if (size > 0) {
    std::memcpy(&low, bytes, size);
  }
  return mix(mix(low ^ kHashSeedB, high ^ state), kHashSeedA);
}

}  // namespace wire
