// Addresses in the middle of sentences.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "wire/address.h"

namespace mgmt {

// Octets from..until of a text.
struct AddressInText {
  std::size_t from = 0;
  std::size_t until = 0;
  std::optional<wire::Address> address;  // nothing: it can be read as several that overlap
};

// The first that begins at `from` or later, as long as it can be: in doubt more is taken for one than is. An
// IPv6 address does not begin right behind a letter or digit, an IPv4 address not behind a digit. Looks at
// each octet some fifty times at most.
std::optional<AddressInText> address_in(std::string_view text, std::size_t from) noexcept;

}  // namespace mgmt
