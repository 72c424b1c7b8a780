// The times of log lines: what a line says, and what it leaves out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wire {

// A year is 0 where the line has none (RFC 3164), and east_s is without meaning where it has no zone. Either
// all of a date and its time, or seconds since 1970.
struct LogTime {
  bool present = false;
  bool zoned = false;
  bool since_1970 = false;
  std::uint8_t month = 0;  // 1 to 12
  std::uint8_t day = 0;    // 1 to what that month has in its longest year
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;  // 60 in a leap second
  std::uint16_t year = 0;
  std::int32_t east_s = 0;
  std::uint32_t nanoseconds = 0;
  std::int64_t unix_s = 0;
  bool operator==(const LogTime&) const = default;
};

// Takes a time from the front of `text`: how many octets it has, 0 if there is none or it is no date. Knows
//   Feb 11 10:00:00, Feb  1 10:00:00, Feb 01 10:00:00.123   RFC 3164, syslog's and dnsmasq's files
//   2002-02-11T10:00:00.123456+09:00, also Z, +0900, a space for the T, no zone   RFC 3339, RFC 5424
//   11-Feb-2002 10:00:00.123                               BIND's files
//   [1036368000]                                           Unbound's files
std::size_t read_log_time(std::string_view text, LogTime& time) noexcept;

// Makes them times since 1970; one for each log, whose lines it sees in their order. A time without a year
// takes the year that puts it nearest to the time before, so that New Year rolls over, a line that is a few
// minutes late does not leap a year, and 29 February finds a leap year.
class LogClock {
 public:
  // For times without a zone: seconds east of Greenwich.
  explicit LogClock(std::int32_t east_s = 0) noexcept : east_s_(east_s) {}

  // The year of the first line; without one, and without near(), times without a year are refused.
  void begin_in(int year) noexcept { first_year_ = year; }

  // The time before is `ns` since 1970: what a live source says at each burst, and a file's last change.
  void near(std::int64_t ns) noexcept {
    before_s_ = ns / kSecond;
    before_ = true;
    day_ = 0;
  }

  // In ns since 1970. Nothing if the date does not exist, is not from 1970 to 2199, or has no year that could
  // be known. A line without a time has the one before.
  std::optional<std::int64_t> resolve(const LogTime& time) noexcept;

 private:
  static constexpr std::int64_t kSecond = 1'000'000'000;

  std::optional<std::int64_t> midnight(const LogTime& time) noexcept;

  std::int32_t east_s_;
  int first_year_ = 0;
  bool before_ = false;
  std::int64_t before_s_ = 0;
  std::uint32_t day_ = 0;  // year, month and day as written of the line before; 0: none
  std::int64_t midnight_s_ = 0;
};

}  // namespace wire
