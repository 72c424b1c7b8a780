// Numbers, shares and times as people read them. Always ASCII, never the locale's.
#pragma once

#include <cstdint>
#include <string>

namespace mgmt {

std::string grouped(std::uint64_t count);  // "1,234,567"
std::string compact(std::uint64_t count);  // at most five characters: "999", "12.3k", "4.56M"; rounded down

// "12.3 %". What rounding would hide is marked: "<0.1 %" is not nothing, ">99.9 %" is not all. "-" of
// nothing.
std::string share(std::uint64_t part, std::uint64_t whole);

std::string seconds_text(double seconds);             // three digits and the unit that fits: "1.30 ms"
std::string bytes_text(double bytes);                 // "1.5 GB", powers of ten
std::string utc_text(std::int64_t ns_since_1970);     // "2003-08-11 14:00:00.000000 UTC", rounded down
std::string time_span_text(std::uint64_t length_ns);  // "1 d 02 h 03 min 04 s"; below a minute "4.205 s"

}  // namespace mgmt
