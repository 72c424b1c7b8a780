// From a name as logs write it to the form that it has in a DNS message.
#pragma once

#include <string_view>

#include "wire/dns_name.h"

namespace wire {

// Presentation form (RFC 1035 section 5.1), with or without the final dot, with escapes; "." is the root.
// False, and the name empty, if a label or the name is too long or a label is empty.
bool read_name(std::string_view text, DnsName& name) noexcept;

}  // namespace wire
