// Addresses as log lines have them.
#pragma once

#include <string_view>

#include "wire/address.h"

namespace wire {

// 10.0.0.1, 2001:db8::1, fe80::1%eth0, IPv6:2001:db8::1; :: if it is none of these.
Address log_address(std::string_view text) noexcept;

// The one in the last brackets: host.example[10.0.0.1]:1025, host [10.0.0.1] (may be forged); :: without.
Address bracketed_address(std::string_view text) noexcept;

}  // namespace wire
