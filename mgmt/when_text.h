// Points in time as people type them on a command line.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>

namespace mgmt {

// Seconds east of Greenwich at that time, such as zone_of_machine().
using ZoneAt = std::int32_t (*)(std::time_t at);

// What a sentence says of a text that is none.
inline constexpr std::string_view kWhenExamples =
    "-15m, 09:40, yesterday 09:40, tuesday 9:40, 2026-11-22 09:40 or 2026-11-22T09:40:05Z";

// Seconds since 1970 of
//   now, -15m, 2h ago                   before `now`, of a length that parse_duration() takes
//   9:40, 09:40:05                      today
//   today, yesterday, tuesday           at midnight or at a clock time behind it; "tuesday" is the latest one
//                                       that has begun, "last tuesday" one before today
//   2026-11-22, 2026-11-22 09:40, 2026-11-22T09:40:05, with Z or +09:00 behind the clock time
//   1795340400, @0                      as they are; without @ from 100,000,000 on
// in `zone` unless it says so itself. Nothing if `text` is none of these.
std::optional<std::int64_t> parse_when(std::string_view text, std::int64_t now, ZoneAt zone);

}  // namespace mgmt
