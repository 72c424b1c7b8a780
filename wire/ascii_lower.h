// ASCII lower-casing while copying, 16 octets at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "wire/hash.h"

namespace wire {

using OctetBlock [[gnu::vector_size(16)]] = std::uint8_t;
inline constexpr std::size_t kBlockOctets = sizeof(OctetBlock);

// Only A to Z change.
inline OctetBlock lower(OctetBlock octets) noexcept {
  const OctetBlock below_a = octets - static_cast<std::uint8_t>('A');  // wraps, so one comparison is enough
  return octets | (reinterpret_cast<OctetBlock>(below_a < 26) & 0x20);
}

// The block at `at`, which is in `octets`; zero where these have ended. Never reads beyond them.
inline OctetBlock block_at(std::span<const std::uint8_t> octets, std::size_t at) noexcept {
  OctetBlock block{};
  const std::size_t left = octets.size() - at;
  if (left >= kBlockOctets) [[likely]] {
    std::memcpy(&block, octets.data() + at, kBlockOctets);
  } else if (octets.size() >= kBlockOctets) {  // The last whole block, moved to the front.
    Uint128 last;
    std::memcpy(&last, octets.data() + octets.size() - kBlockOctets, kBlockOctets);
    block = std::bit_cast<OctetBlock>(last >> (8 * (kBlockOctets - left)));
  } else {
    std::memcpy(&block, octets.data() + at, left);
  }
  return block;
}

// Copies the `size` octets from `at` on, and what stands behind them up to a whole block.
inline void copy_lower(std::span<const std::uint8_t> octets, std::size_t at, std::size_t size,
                       std::uint8_t* to) noexcept {
  for (std::size_t done = 0; done < size; done += kBlockOctets) {
    const OctetBlock block = lower(block_at(octets, at + done));
    std::memcpy(to + done, &block, kBlockOctets);
  }
}

}  // namespace wire
