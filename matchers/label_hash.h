// A hash of one label below its parent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace matchers {

__extension__ typedef unsigned __int128 Product;  // ISO C++ has none

inline std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) noexcept {
  const auto product = static_cast<Product>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Eight octets at a time, the last ones zero-extended, the length mixed in. Not against collisions that
// somebody looks for: those who choose the names in the tables are the operator and the list.
inline std::uint64_t label_hash(std::uint32_t parent, std::span<const std::uint8_t> label) noexcept {
  constexpr std::uint64_t kSeedA = 0x9E3779B97F4A7C15;
  constexpr std::uint64_t kSeedB = 0xE7037ED1A0B428DB;
  std::uint64_t state = kSeedA ^ (std::uint64_t{parent} << 8) ^ label.size();
  const std::uint8_t* at = label.data();
  std::size_t left = label.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t octets;
    std::memcpy(&octets, at, 8);
    state = folded_product(octets ^ kSeedB, state);
  }
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < left; ++i) last |= std::uint64_t{at[i]} << (8 * i);
  return folded_product(last ^ kSeedB, state);
}

}  // namespace matchers
