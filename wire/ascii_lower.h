// ASCII lower-casing while copying, 16 octets at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace wire {

using OctetBlock [[gnu::vector_size(16)]] = std::uint8_t;

// Copies one octet or one block of octets; only A to Z change.
template <class Octets>
inline void copy_lower_as(const std::uint8_t* from, std::uint8_t* to) noexcept {
  Octets octets;
  std::memcpy(&octets, from, sizeof octets);
  const Octets below_a = octets - static_cast<std::uint8_t>('A');  // wraps, so one comparison is enough
  octets |= reinterpret_cast<Octets>(below_a < 26) & 0x20;
  std::memcpy(to, &octets, sizeof octets);
}

// Copies `size` octets. It may read on after them, up to `from + room`, and write on, up to `to + room`:
// whole blocks are quicker than exact ends. size <= room.
inline void copy_lower(const std::uint8_t* from, std::uint8_t* to, std::size_t size,
                       std::size_t room) noexcept {
  constexpr std::size_t kBlock = sizeof(OctetBlock);
  std::size_t done = 0;
  for (; done < size && done + kBlock <= room; done += kBlock)
    copy_lower_as<OctetBlock>(from + done, to + done);
  if (done >= size) return;
  if (size >= kBlock) return copy_lower_as<OctetBlock>(from + size - kBlock, to + size - kBlock);
  for (; done < size; ++done) {
    const std::uint8_t octet = from[done];
    to[done] = octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
  }
}

}  // namespace wire
