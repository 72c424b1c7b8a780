#include "mgmt/zone_text.h"

#include "mgmt/time_text.h"

namespace mgmt {

std::optional<std::int32_t> parse_zone(std::string_view text) {
  if (text == "UTC" || text == "Z") return 0;
  const auto offset_s = parse_utc_offset(text);
  return offset_s ? std::optional(static_cast<std::int32_t>(*offset_s)) : std::nullopt;
}

std::string zone_text(std::int32_t east_s) {
  return east_s == 0 ? "UTC" : utc_offset_text(east_s);
}

std::int32_t zone_of_machine(std::time_t at) {
  std::tm local{};
  return ::localtime_r(&at, &local) == nullptr ? 0 : static_cast<std::int32_t>(local.tm_gmtoff);
}

}  // namespace mgmt
