// An address with a port, as it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/address.h"

namespace mgmt {

struct Endpoint {
  wire::Address address;
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

// "10.1.0.9:514", or "[2001:db8::9]:514" (RFC 5952 section 6). The port is not 0.
std::optional<Endpoint> parse_endpoint(std::string_view text);

std::string to_text(const Endpoint& endpoint);

}  // namespace mgmt
