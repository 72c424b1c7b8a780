// Times as machines write them.
#pragma once

#include <cstdint>
#include <string>

namespace mgmt {

// "2026-11-22T06:40:00.123456", UTC, rounded down; what names the zone comes behind it.
std::string utc_time_text(std::int64_t ns_since_1970);

// "20261122T064000Z" (ISO 8601, basic), for the name of a file.
std::string utc_stamp(std::int64_t seconds_since_1970);

}  // namespace mgmt
