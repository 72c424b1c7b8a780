// Times as tables write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mgmt {

// Seconds since 1970 of "2002-02-11", "2002-02-11 14:00", "2002-02-11T14:00:05Z" (RFC 3339, UTC), or of a
// whole number of them. Nothing if `text` is none of these.
std::optional<std::int64_t> parse_time(std::string_view text) noexcept;

// "2002-02-11" at midnight, else "2002-02-11T14:00:05Z".
std::string time_text(std::int64_t seconds_since_1970);

// "2002-02-11" and nothing else.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text) noexcept;
std::string date_text(const std::chrono::year_month_day& date);

// "+09:00" or "-05:30", up to 14 hours, in seconds.
std::optional<std::int64_t> parse_utc_offset(std::string_view text) noexcept;
std::string utc_offset_text(std::int64_t seconds);

}  // namespace mgmt
