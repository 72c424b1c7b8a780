// From the time units of a pcapng interface to nanoseconds since 1970, exactly.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "wire/hash.h"

namespace dataplane {

__extension__ typedef __int128 Int128;  // ISO C++ has none

class PacketClock {
 public:
  // `resolution` as in the option if_tsresol (draft-ietf-opsawg-pcapng section 4.2): a negative power of ten,
  // or of two if the top bit is set. `offset_seconds` as in if_tsoffset.
  explicit PacketClock(std::uint8_t resolution = 6, std::int64_t offset_seconds = 0) noexcept;

  // Rounds down; a time that 64 bits of nanoseconds cannot hold becomes the nearest that they can.
  std::int64_t to_ns(std::uint64_t ticks) const noexcept {
    wire::Uint128 ns = static_cast<wire::Uint128>(ticks) * multiplier_;
    if (divisor_ != 1) ns /= divisor_;
    return clamp(static_cast<Int128>(ns >> shift_) + offset_ns_);
  }

 private:
  static std::int64_t clamp(Int128 ns) noexcept {
    using Limits = std::numeric_limits<std::int64_t>;
    return static_cast<std::int64_t>(std::clamp<Int128>(ns, Limits::min(), Limits::max()));
  }

  std::uint64_t multiplier_;
  std::uint64_t divisor_ = 1;
  std::uint8_t shift_ = 0;
  Int128 offset_ns_;
};

}  // namespace dataplane
