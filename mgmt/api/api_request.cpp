#include "mgmt/api/api_request.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "mgmt/text_style.h"
#include "mgmt/time_text.h"

namespace mgmt {
namespace {

constexpr std::size_t kValueColumns = 60;

[[noreturn]] void refuse(const std::string& name, const std::string& value, std::string_view expected) {
  throw ApiError(
      400, fmt::format("{} is {}, not '{}'", name, expected, printable(value, kValueColumns, TextStyle{})));
}

}  // namespace

std::optional<std::string> ApiParameters::text(const std::string& name) const {
  const auto [first, last] = given_.equal_range(name);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) throw ApiError(400, fmt::format("{} is given more than once", name));
  return first->second;
}

std::uint64_t ApiParameters::count(const std::string& name, std::uint64_t usual,
                                   Range<std::uint64_t> range) const {
  const auto given = text(name);
  if (!given) return usual;
  std::uint64_t value = 0;
  const char* const end = given->data() + given->size();
  const auto [rest, error] = std::from_chars(given->data(), end, value);
  if (error != std::errc() || rest != end || !range.contains(value))
    refuse(name, *given, fmt::format("a number from {} to {}", range.least, range.most));
  return value;
}

bool ApiParameters::flag(const std::string& name) const {
  const auto given = text(name);
  if (!given || *given == "0" || *given == "false") return false;
  if (*given != "1" && *given != "true") refuse(name, *given, "true or false");
  return true;
}

std::optional<std::int64_t> ApiParameters::time(const std::string& name) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto seconds = parse_time(*given);
  if (!seconds) refuse(name, *given, "a time such as 2026-01-31T09:40:00Z, or seconds since 1970");
  return seconds;
}

aggregator::SeriesStep ApiParameters::step(aggregator::SeriesStep usual) const {
  const auto given = text("step");
  if (!given) return usual;
  const auto known = std::ranges::find(aggregator::kSeriesStepNames, *given);
  if (known == aggregator::kSeriesStepNames.end()) refuse("step", *given, "1s, 1m, 1h or 1d");
  return static_cast<aggregator::SeriesStep>(known - aggregator::kSeriesStepNames.begin());
}

}  // namespace mgmt
