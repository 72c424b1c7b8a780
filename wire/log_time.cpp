#include "wire/log_time.h"

#include <array>
#include <chrono>

namespace wire {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2199;                       // in nanoseconds a time still has 62 years to spare
constexpr std::int64_t kMostSeconds = 7'258'118'400;  // the end of that
constexpr std::int64_t kDay = 86'400;

struct Digits {
  std::string_view text;

  // Two digits at `at`, or -1.
  int two(std::size_t at) const noexcept {
    const unsigned tens = static_cast<unsigned char>(text[at]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(text[at + 1]) - unsigned{'0'};
    return tens > 9 || ones > 9 ? -1 : static_cast<int>(10 * tens + ones);
  }
  int four(std::size_t at) const noexcept {
    const int high = two(at);
    const int low = two(at + 2);
    return high < 0 || low < 0 ? -1 : 100 * high + low;
  }
};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// 1 to 12, in any case; 0 if it is no month.
int month_of(std::string_view name) noexcept {
  std::uint32_t letters = 0;
  for (const char letter : name.substr(0, 3))
    letters = letters << 8 | (static_cast<unsigned char>(letter) | 0x20);
  constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  for (std::size_t month = 0; month < 12; ++month) {
    std::uint32_t word = 0;
    for (const char letter : kMonths.substr(3 * month, 3))
      word = word << 8 | static_cast<unsigned char>(letter);
    if (word == letters) return static_cast<int>(month + 1);
  }
  return 0;
}

bool set_date(LogTime& time, int year, int month, int day) noexcept {
  constexpr std::array<std::uint8_t, 13> kDays = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > kDays[static_cast<std::size_t>(month)]) return false;
  time.year = static_cast<std::uint16_t>(year);
  time.month = static_cast<std::uint8_t>(month);
  time.day = static_cast<std::uint8_t>(day);
  return true;
}

// HH:MM:SS and a fraction of up to nine digits that count. Octets taken from `at` on, or 0.
std::size_t read_clock(std::string_view text, std::size_t at, LogTime& time) noexcept {
  constexpr std::size_t kClock = 8;
  if (text.size() < at + kClock || text[at + 2] != ':' || text[at + 5] != ':') return 0;
  const Digits digits{text};
  const int hour = digits.two(at);
  const int minute = digits.two(at + 3);
  const int second = digits.two(at + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return 0;
  time.hour = static_cast<std::uint8_t>(hour);
  time.minute = static_cast<std::uint8_t>(minute);
  time.second = static_cast<std::uint8_t>(second);
  std::size_t end = at + kClock;
  if (end + 1 >= text.size() || (text[end] != '.' && text[end] != ',') || !is_digit(text[end + 1]))
    return kClock;
  std::uint32_t weight = 100'000'000;
  for (++end; end < text.size() && is_digit(text[end]); ++end, weight /= 10)
    time.nanoseconds += weight * static_cast<std::uint32_t>(text[end] - '0');
  return end - at;
}

// Z, +09:00, +0900 or +09. Octets taken, or 0: no zone.
std::size_t read_zone(std::string_view text, std::size_t at, LogTime& time) noexcept {
  if (at >= text.size()) return 0;
  if (text[at] == 'Z' || text[at] == 'z') {
    time.zoned = true;
    return 1;
  }
  if ((text[at] != '+' && text[at] != '-') || text.size() < at + 3) return 0;
  const Digits digits{text};
  const int hours = digits.two(at + 1);
  const std::size_t colon = at + 3 < text.size() && text[at + 3] == ':' ? 1 : 0;
  const bool more = text.size() >= at + 5 + colon && digits.two(at + 3 + colon) >= 0;
  const int minutes = more ? digits.two(at + 3 + colon) : 0;
  if (hours < 0 || hours > 23 || minutes > 59) return 0;
  time.east_s = (text[at] == '-' ? -1 : 1) * (3600 * hours + 60 * minutes);
  time.zoned = true;
  return more ? 5 + colon : 3;
}

std::size_t read_traditional(std::string_view text, LogTime& time) noexcept {
  constexpr std::size_t kDate = 7;  // "Feb 11 "
  if (text.size() < kDate || text[3] != ' ' || text[6] != ' ') return 0;
  const Digits digits{text};
  const int day = text[4] == ' ' && is_digit(text[5]) ? text[5] - '0' : digits.two(4);
  if (!set_date(time, 0, month_of(text), day)) return 0;
  const std::size_t octets = read_clock(text, kDate, time);
  return octets == 0 ? 0 : kDate + octets;
}

std::size_t read_iso(std::string_view text, LogTime& time) noexcept {
  constexpr std::size_t kDate = 11;  // "2002-02-11T"
  if (text.size() < kDate || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' '))
    return 0;
  const Digits digits{text};
  if (!set_date(time, digits.four(0), digits.two(5), digits.two(8)) || digits.four(0) < kFirstYear) return 0;
  const std::size_t octets = read_clock(text, kDate, time);
  return octets == 0 ? 0 : kDate + octets + read_zone(text, kDate + octets, time);
}

std::size_t read_bind(std::string_view text, LogTime& time) noexcept {
  constexpr std::size_t kDate = 12;  // "11-Feb-2002 "
  if (text.size() < kDate || text[2] != '-' || text[6] != '-' || text[11] != ' ') return 0;
  const Digits digits{text};
  if (!set_date(time, digits.four(7), month_of(text.substr(3)), digits.two(0))) return 0;
  if (digits.four(7) < kFirstYear) return 0;
  const std::size_t octets = read_clock(text, kDate, time);
  return octets == 0 ? 0 : kDate + octets;
}

std::size_t read_unix(std::string_view text, LogTime& time) noexcept {
  std::int64_t seconds = 0;
  std::size_t at = 1;
  for (; at < text.size() && at < 12 && is_digit(text[at]); ++at) seconds = 10 * seconds + (text[at] - '0');
  if (at == 1 || at == text.size() || text[at] != ']') return 0;
  time.since_1970 = true;
  time.unix_s = seconds;
  return at + 1;
}

// Of a date that exists, in seconds since 1970.
std::optional<std::int64_t> civil_midnight(int year, const LogTime& time) noexcept {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(time.month),
                                         std::chrono::day(time.day)};
  if (year < kFirstYear || year > kLastYear || !date.ok()) return std::nullopt;
  return kDay * std::chrono::sys_days(date).time_since_epoch().count();
}

// Of the years around, the one that puts the date nearest to `before_s`; leap years can be eight years apart.
std::optional<std::int64_t> nearest_midnight(std::int64_t before_s, const LogTime& time) noexcept {
  const std::int64_t in_day = 3600 * time.hour + 60 * time.minute + time.second;
  const std::chrono::sys_days day{std::chrono::days((before_s - in_day) / kDay)};
  const int year = static_cast<int>(std::chrono::year_month_day(day).year());
  const int reach = time.month == 2 && time.day == 29 ? 8 : 1;
  std::optional<std::int64_t> nearest;
  for (int tried = year - reach; tried <= year + reach; ++tried) {
    const std::optional<std::int64_t> midnight = civil_midnight(tried, time);
    if (!midnight) continue;
    const auto away = [&](std::int64_t from) {
      const std::int64_t ahead = from + in_day - before_s;
      return ahead < 0 ? -ahead : ahead;
    };
    if (!nearest || away(*midnight) < away(*nearest)) nearest = midnight;
  }
  return nearest;
}

}  // namespace

std::size_t read_log_time(std::string_view text, LogTime& time) noexcept {
  time = {};
  if (text.size() < 3) return 0;
  std::size_t octets = 0;
  if (text[0] == '[') {
    octets = read_unix(text, time);
  } else if (!is_digit(text[0])) {
    octets = read_traditional(text, time);
  } else {
    octets = text[2] == '-' ? read_bind(text, time) : read_iso(text, time);
  }
  time.present = octets > 0;
  if (octets == 0) time = {};
  return octets;
}

// The midnight as if the line were written in Greenwich. Lines mostly are of the day of the line before.
std::optional<std::int64_t> LogClock::midnight(const LogTime& time) noexcept {
  const std::uint32_t day = std::uint32_t{time.year} << 16 | std::uint32_t{time.month} << 8 | time.day;
  if (day == day_) return midnight_s_;
  const std::int32_t east_s = time.zoned ? time.east_s : east_s_;
  std::optional<std::int64_t> found;
  if (time.year != 0) {
    found = civil_midnight(time.year, time);
  } else if (before_) {
    found = nearest_midnight(before_s_ + east_s, time);
  } else if (first_year_ != 0) {
    found = civil_midnight(first_year_, time);
  }
  if (found) {
    day_ = day;
    midnight_s_ = *found;
  }
  return found;
}

std::optional<std::int64_t> LogClock::resolve(const LogTime& time) noexcept {
  if (!time.present) return before_ ? std::optional(before_s_ * kSecond) : std::nullopt;
  std::int64_t seconds = time.unix_s;
  if (!time.since_1970) {
    const std::optional<std::int64_t> start = midnight(time);
    if (!start) return std::nullopt;
    seconds = *start + 3600 * time.hour + 60 * time.minute + time.second;
    seconds -= time.zoned ? time.east_s : east_s_;
  }
  if (seconds < 0 || seconds >= kMostSeconds) return std::nullopt;
  before_ = true;
  before_s_ = seconds;
  return seconds * kSecond + time.nanoseconds;
}

}  // namespace wire
