// What people call the faults of a DNS message.
#pragma once

#include <array>
#include <string_view>

#include "wire/dns_message.h"

namespace mgmt {

inline constexpr std::array<std::string_view, static_cast<std::size_t>(wire::DnsFault::kCount)>
    kDnsFaultNames = {"none",        "short_header", "ends_early", "bad_label",
                      "bad_pointer", "long_name",    "bad_rdata",  "costly_names"};

}  // namespace mgmt
