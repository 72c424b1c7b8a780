// Lengths of time as people write them in a configuration or on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mgmt {

// "2ms", "1.5 s", "20us", "100ns", "5min" or "5m", "1h", "2d"; a number without a unit is seconds. To the
// nearest nanosecond. Nothing if `text` is no such length, is negative, or is longer than 100 years.
std::optional<std::int64_t> parse_duration(std::string_view text) noexcept;

// Exact, in the largest unit that keeps it short: "1 s", "2.5 ms".
std::string duration_text(std::int64_t ns);

}  // namespace mgmt
