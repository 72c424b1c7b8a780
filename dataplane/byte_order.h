// Integers as the writer of a capture file stored them: in the byte order of its machine.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace dataplane {

static_assert(std::endian::native == std::endian::little, "swapped means big-endian");

struct ByteOrder {
  bool swapped = false;  // against ours

  std::uint16_t u16(const std::uint8_t* at) const noexcept {
    std::uint16_t value;
    std::memcpy(&value, at, sizeof value);
    return swapped ? __builtin_bswap16(value) : value;
  }
  std::uint32_t u32(const std::uint8_t* at) const noexcept {
    std::uint32_t value;
    std::memcpy(&value, at, sizeof value);
    return swapped ? __builtin_bswap32(value) : value;
  }
  std::uint64_t u64(const std::uint8_t* at) const noexcept {
    std::uint64_t value;
    std::memcpy(&value, at, sizeof value);
    return swapped ? __builtin_bswap64(value) : value;
  }
};

}  // namespace dataplane
