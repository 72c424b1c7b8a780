// The addresses that names below in-addr.arpa and ip6.arpa stand for (RFC 1035 section 3.5, RFC 3596 section
// 2.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "wire/address.h"

namespace mgmt {

// The end of a name: its numbers, read from right to left, and what makes them an address.
struct ReverseName {
  bool v4 = false;
  wire::Address address;        // what the name leaves open is 0
  std::size_t parts = 0;        // of it that the name has: octets of IPv4, half octets of IPv6
  std::size_t wire_octets = 0;  // of the name in wire form, with the root
};

// Of a name in wire form, lower-cased. Nothing if it ends otherwise, or has no number there.
std::optional<ReverseName> reverse_name(std::span<const std::uint8_t> wire_name) noexcept;

// In presentation form: the first `parts` of the address.
std::string to_text(const ReverseName& name);

}  // namespace mgmt
