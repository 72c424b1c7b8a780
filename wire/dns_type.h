// Types of resource records by their names.
#pragma once

#include <cstdint>
#include <string_view>

namespace wire {

// By IANA's registry "Resource Record (RR) TYPEs", in capitals, with the meta types; TYPE123 of RFC 3597; and
// ANY for 255. 0: no such name.
std::uint16_t dns_type(std::string_view name) noexcept;

}  // namespace wire
