// Whether RDATA fits its type, for the types that a sensor reads.
#pragma once

#include <cstdint>
#include <span>

#include "wire/dns_message.h"

namespace wire {

// A or AAAA: most records are, and which of the two cannot be guessed.
constexpr bool is_address(std::uint16_t type) noexcept {
  return (type == static_cast<std::uint16_t>(DnsType::kA)) |
         (type == static_cast<std::uint16_t>(DnsType::kAaaa));
}
constexpr bool address_fits(const DnsRecord& record) noexcept {
  return record.length == 4 + 12 * (record.type == static_cast<std::uint16_t>(DnsType::kAaaa));
}

// Of the others. `record` lies in `message` with all its octets. Names in RDATA may be compressed (RFC 1035
// section 4.1.4), in SVCB and HTTPS they may not (RFC 9460 section 2.2). Types not read here are always
// right.
struct RdataCheck {
  DnsFault fault = DnsFault::kNone;
  std::uint32_t cost = 0;  // octets stepped over in names
};
RdataCheck check_rdata(std::span<const std::uint8_t> message, const DnsRecord& record) noexcept;

// What stands before the name in the RDATA.
inline constexpr std::uint32_t kMxPreferenceOctets = 2;
inline constexpr std::uint32_t kSvcPriorityOctets = 2;

// Types whose RDATA is nothing but a name.
constexpr bool is_name(std::uint16_t type) noexcept {
  switch (static_cast<DnsType>(type)) {
    case DnsType::kNs:
    case DnsType::kCname:
    case DnsType::kPtr:
      return true;
    default:
      return false;
  }
}

}  // namespace wire
