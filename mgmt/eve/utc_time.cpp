#include "mgmt/eve/utc_time.h"

#include <ctime>

#include <fmt/format.h>

namespace mgmt {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

std::tm civil(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  return parts;
}

}  // namespace

std::string utc_time_text(std::int64_t ns_since_1970) {
  std::int64_t seconds = ns_since_1970 / kSecondNs;
  if (ns_since_1970 % kSecondNs < 0) --seconds;
  const std::int64_t micros = (ns_since_1970 - seconds * kSecondNs) / 1000;
  const std::tm at = civil(seconds);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}", at.tm_year + 1900, at.tm_mon + 1,
                     at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec, micros);
}

std::string utc_stamp(std::int64_t seconds_since_1970) {
  const std::tm at = civil(seconds_since_1970);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday,
                     at.tm_hour, at.tm_min, at.tm_sec);
}

}  // namespace mgmt
