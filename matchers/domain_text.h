// From a name as people write it to the form that it has in a DNS message.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace matchers {

// A sentence that begins with the name.
class DomainError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using WireName = std::vector<std::uint8_t>;

// Wire form (RFC 1035 section 3.1), ASCII lower-cased, of a name in presentation form: with or without a
// final dot, with escapes (section 5.1), letters beyond ASCII converted to A-labels (UTS 46,
// nontransitional). "." is the root. Throws DomainError.
WireName wire_name(std::string_view text);

// Likewise, and refuses the root and what no domain of hosts has in its labels: anything but letters, digits,
// hyphens and underscores. Throws DomainError.
WireName host_domain(std::string_view text);

}  // namespace matchers
