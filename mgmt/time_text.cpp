#include "mgmt/time_text.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace mgmt {
namespace {

// Takes so many digits off the front; -1 if they are not there.
int take_digits(std::string_view& text, std::size_t digits) noexcept {
  int value = 0;
  if (text.size() < digits) return -1;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < 0) return std::nullopt;
  return value;
}

// "14:00" or "14:00:05", in seconds; a leap second (RFC 3339) is the next one.
std::optional<std::int64_t> take_clock(std::string_view& text) noexcept {
  const int hour = take_digits(text, 2);
  if (!take(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2);
  const int second = take(text, ':') ? take_digits(text, 2) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  return hour * 3600 + minute * 60 + second;
}

std::int64_t seconds_of(const std::chrono::year_month_day& date) noexcept {
  return std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch().count();
}

// "2002-02-11", off the front.
std::optional<std::chrono::year_month_day> take_date(std::string_view& text) noexcept {
  const int year = take_digits(text, 4);
  const bool dash = take(text, '-');
  const int month = take_digits(text, 2);
  const bool second_dash = take(text, '-');
  const int day = take_digits(text, 2);
  if (year < 0 || month < 0 || day < 0 || !dash || !second_dash) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) noexcept {
  if (const auto seconds = whole_number(text)) return seconds;
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  if (text.empty()) return seconds_of(*date);
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const auto clock = take_clock(text);
  take(text, 'Z');
  if (!clock || !text.empty()) return std::nullopt;
  return seconds_of(*date) + *clock;
}

std::string time_text(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::string text = date_text(std::chrono::year_month_day(midnight));
  if (time == midnight) return text;
  const std::chrono::hh_mm_ss clock(time - midnight);
  return text + fmt::format("T{:02}:{:02}:{:02}Z", clock.hours().count(), clock.minutes().count(),
                            clock.seconds().count());
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) noexcept {
  const auto date = take_date(text);
  return text.empty() ? date : std::nullopt;
}

std::string date_text(const std::chrono::year_month_day& date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<std::int64_t> parse_utc_offset(std::string_view text) noexcept {
  constexpr std::int64_t kMost = 14 * 3600;
  const bool west = take(text, '-');
  if (!west && !take(text, '+')) return std::nullopt;
  const auto offset = text.size() == 5 ? take_clock(text) : std::nullopt;
  if (!offset || *offset > kMost) return std::nullopt;
  return west ? -*offset : *offset;
}

std::string utc_offset_text(std::int64_t seconds) {
  const std::int64_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
  return fmt::format("{}{:02}:{:02}", seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace mgmt
