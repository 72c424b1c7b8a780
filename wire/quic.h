// QUIC packets that open a connection.
#pragma once

#include <cstdint>

#include "wire/cursor.h"

namespace wire {

inline constexpr std::uint32_t kQuicVersion1 = 0x00000001;  // RFC 9000
inline constexpr std::uint32_t kQuicVersion2 = 0x6B3343CF;  // RFC 9369
inline constexpr std::size_t kQuicInitialOctets =
    1200;  // smallest datagram with a client's Initial, RFC 9000 14.1
inline constexpr std::uint8_t kQuicMaxConnectionId = 20;

// True if the UDP payload at `in` starts with an Initial packet in a datagram that is large enough to carry
// one.
inline bool is_quic_initial(const Cursor& in) noexcept {
  if (in.wire_size() < kQuicInitialOctets || !in.has(7)) return false;
  if ((in.at[0] & 0xC0) != 0xC0) return false;  // long header, fixed bit
  const std::uint32_t version = load_be32(in.at + 1);
  const unsigned type = (in.at[0] >> 4) & 0x3;
  if (version == kQuicVersion1 ? type != 0 : version != kQuicVersion2 || type != 1) return false;
  return in.at[5] <= kQuicMaxConnectionId;
}

}  // namespace wire
