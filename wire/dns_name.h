// A domain name as bytes: lower-cased wire form, so that equal names are equal bytes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "wire/hash.h"

namespace wire {

inline constexpr std::size_t kMaxNameOctets = 255;  // RFC 1035 section 2.3.4, length octets and root included

struct DnsName {
  std::uint8_t length = 0;  // octets used; 0: no name at all, 1: the root
  std::array<std::uint8_t, kMaxNameOctets>
      octets;  // labels with their length octets, ASCII lower-cased (RFC 4343)

  std::span<const std::uint8_t> wire() const noexcept { return {octets.data(), length}; }
  std::uint64_t hash() const noexcept { return hash_bytes(octets.data(), length); }
};

// Presentation form without the final dot, "." for the root; octets that are not printable and the characters
// that are special in a zone file are escaped (RFC 1035 section 5.1).
std::string to_text(std::span<const std::uint8_t> wire_name);

}  // namespace wire
