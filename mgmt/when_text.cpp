#include "mgmt/when_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>

#include "mgmt/duration_text.h"
#include "mgmt/time_text.h"
#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kLeastNumber = 100'000'000;  // 1973; a year or a day of the month is none
constexpr std::array<std::string_view, 7> kWeekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};

std::int64_t floor_day(std::int64_t seconds) noexcept {
  return seconds - ((seconds % kDay) + kDay) % kDay;
}

// Of a time that clocks in the zone show; the offset is the one that holds then.
std::int64_t from_local(std::int64_t local, ZoneAt zone) {
  return local - zone(local - zone(local));
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < 0) return std::nullopt;
  return value;
}

// "9:40", "09:40", "09:40:05", in seconds.
std::optional<std::int64_t> clock_of(std::string_view text) noexcept {
  std::array<std::int64_t, 3> parts{};
  std::size_t count = 0;
  for (; count < parts.size(); ++count) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto part =
        colon <= 2 && (colon == 2 || count == 0) ? whole_number(text.substr(0, colon)) : std::nullopt;
    if (!part || *part > (count == 0 ? 23 : 59)) return std::nullopt;
    parts[count] = *part;
    if (colon == text.size()) break;
    text.remove_prefix(colon + 1);
  }
  if (count == 0 || count == parts.size()) return std::nullopt;
  return parts[0] * 3600 + parts[1] * 60 + parts[2];
}

std::optional<std::int64_t> before_now(std::string_view text, std::int64_t now) {
  constexpr std::string_view kAgo = " ago";
  if (text.ends_with(kAgo)) {
    text.remove_suffix(kAgo.size());
  } else if (text.starts_with('-')) {
    text.remove_prefix(1);
  } else {
    return std::nullopt;
  }
  const auto length_ns = parse_duration(text);
  return length_ns ? std::optional(now - *length_ns / kNsPerSecond) : std::nullopt;
}

// Midnight, by clocks in the zone, of the day that `word` names.
std::optional<std::int64_t> named_day(std::string_view word, std::int64_t local_now) {
  const std::int64_t today = floor_day(local_now);
  if (word == "today") return today;
  if (word == "yesterday") return today - kDay;
  constexpr std::string_view kLast = "last ";
  const bool last = word.starts_with(kLast);
  if (last) word.remove_prefix(kLast.size());
  const auto found = std::ranges::find(kWeekdays, word);
  if (found == kWeekdays.end()) return std::nullopt;
  const std::chrono::sys_days date{std::chrono::days(today / kDay)};
  const std::int64_t back = (std::chrono::weekday(date).c_encoding() + 7 - (found - kWeekdays.begin())) % 7;
  return today - (last && back == 0 ? 7 : back) * kDay;
}

std::optional<std::int64_t> written_day(std::string_view word) {
  const auto date = parse_date(word);
  if (!date) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::sys_days(*date)).time_since_epoch().count();
}

// Takes "Z" or "+09:00" off the end.
std::optional<std::int32_t> take_zone(std::string_view& text) {
  const std::size_t begin = text.find_first_of("Z+-");
  if (begin == std::string_view::npos) return std::nullopt;
  const auto zone = parse_zone(text.substr(begin));
  if (zone) text = text.substr(0, begin);
  return zone;
}

// A day and perhaps a clock time.
std::optional<std::int64_t> calendar_time(const std::string& lower, std::int64_t now, ZoneAt zone) {
  const std::int64_t local_now = now + zone(now);
  std::string_view text = lower;
  if (const auto clock = clock_of(text)) return from_local(floor_day(local_now) + *clock, zone);
  const auto day_of = [&](std::string_view word) {
    const auto day = named_day(word, local_now);
    return day ? day : written_day(word);
  };
  if (const auto day = day_of(text)) return from_local(*day, zone);
  // A "t" may also be that of a day of the week: it is one between a date and a clock only if it follows a
  // digit.
  std::size_t split = text.rfind(' ');
  if (text.size() > 10 && text[10] == 't' && parse_date(text.substr(0, 10))) split = 10;
  if (split == std::string_view::npos) return std::nullopt;
  const auto day = day_of(text.substr(0, split));
  std::string upper_zone(text.substr(split + 1));
  std::ranges::replace(upper_zone, 'z', 'Z');
  std::string_view rest = upper_zone;
  const auto own_zone = take_zone(rest);
  const auto clock = clock_of(rest);
  if (!day || !clock) return std::nullopt;
  return own_zone ? *day + *clock - *own_zone : from_local(*day + *clock, zone);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

}  // namespace

std::optional<std::int64_t> parse_when(std::string_view text, std::int64_t now, ZoneAt zone) {
  constexpr std::size_t kLongest = 64;
  if (text.size() > kLongest) return std::nullopt;
  const std::string lower = lower_case(text);
  if (lower == "now") return now;
  if (const auto time = before_now(lower, now)) return time;
  if (lower.starts_with('@')) return whole_number(std::string_view(lower).substr(1));
  if (const auto number = whole_number(lower)) return *number >= kLeastNumber ? number : std::nullopt;
  return calendar_time(lower, now, zone);
}

}  // namespace mgmt
