#include "mgmt/number_text.h"

#include <array>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

namespace mgmt {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::uint64_t kSecondsPerDay = 86'400;

}  // namespace

std::string grouped(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string compact(std::uint64_t count) {
  constexpr std::array<char, 7> kUnits = {' ', 'k', 'M', 'G', 'T', 'P', 'E'};
  std::size_t unit = 0;
  std::uint64_t milli = 0;  // thousandths of the unit
  for (; count >= 1000; ++unit) {
    milli = count % 1000;
    count /= 1000;
  }
  if (unit == 0) return std::to_string(count);
  if (count >= 100) return fmt::format("{}{}", count, kUnits[unit]);
  if (count >= 10) return fmt::format("{}.{}{}", count, milli / 100, kUnits[unit]);
  return fmt::format("{}.{:02}{}", count, milli / 10, kUnits[unit]);
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 0.1) return "<0.1 %";
  if (part < whole && percent > 99.9) return ">99.9 %";
  return fmt::format("{:.1f} %", percent);
}

std::string seconds_text(double seconds) {
  struct Unit {
    double seconds;
    const char* name;
  };
  constexpr std::array<Unit, 3> kUnits = {{{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}}};
  for (const Unit unit : kUnits) {
    const double value = seconds / unit.seconds;
    if (value >= 99.95) return fmt::format("{:.0f} {}", value, unit.name);
    if (value >= 9.995) return fmt::format("{:.1f} {}", value, unit.name);
    if (value >= 0.9995) return fmt::format("{:.2f} {}", value, unit.name);
  }
  return fmt::format("{:.0f} ns", seconds * 1e9);
}

std::string bytes_text(double bytes) {
  constexpr std::array<const char*, 7> kUnits = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  for (; bytes >= 999.5 && unit + 1 < kUnits.size(); ++unit) bytes /= 1000;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 || bytes >= 99.95 ? 0 : 1, kUnits[unit]);
}

std::string utc_text(std::int64_t ns_since_1970) {
  std::int64_t seconds = ns_since_1970 / kNsPerSecond;
  std::int64_t ns = ns_since_1970 % kNsPerSecond;
  if (ns < 0) {
    --seconds;
    ns += kNsPerSecond;
  }
  const std::time_t time = seconds;
  std::tm utc{};
  gmtime_r(&time, &utc);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06} UTC", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, ns / 1000);
}

std::string time_span_text(std::uint64_t length_ns) {
  const std::uint64_t seconds = length_ns / kNsPerSecond;
  if (seconds < 60) return fmt::format("{:.3f} s", static_cast<double>(length_ns / 1'000'000) / 1e3);
  const std::uint64_t days = seconds / kSecondsPerDay;
  const std::uint64_t hours = seconds / 3600 % 24;
  const std::uint64_t minutes = seconds / 60 % 60;
  if (days > 0) return fmt::format("{} d {:02} h {:02} min {:02} s", days, hours, minutes, seconds % 60);
  if (hours > 0) return fmt::format("{} h {:02} min {:02} s", hours, minutes, seconds % 60);
  return fmt::format("{} min {:02} s", minutes, seconds % 60);
}

}  // namespace mgmt
