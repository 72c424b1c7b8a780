// Time zones as an operator writes them.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace mgmt {

// "UTC", "Z", or the offset from it, "+09:00" or "-03:30", up to 14 hours: seconds east of Greenwich.
std::optional<std::int32_t> parse_zone(std::string_view text);

// "UTC", or "+09:00".
std::string zone_text(std::int32_t east_s);

// This machine's at that time.
std::int32_t zone_of_machine(std::time_t at);

}  // namespace mgmt
