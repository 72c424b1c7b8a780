#include "mgmt/duration_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace mgmt {
namespace {

struct Unit {
  std::string_view name;
  double ns;
};
constexpr std::array<Unit, 4> kUnits = {{{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}}};
constexpr std::array<Unit, 4> kLongUnits = {{{"min", 60e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86'400e9}}};
constexpr double kLongestNs = 100 * 365.25 * 86'400 * 1e9;

const Unit* find_unit(std::string_view name) noexcept {
  if (name.empty()) return &kUnits[0];
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  for (const Unit& unit : kLongUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc()) return std::nullopt;
  std::string_view name(rest, static_cast<std::size_t>(end - rest));
  if (name.starts_with(' ')) name.remove_prefix(1);
  const Unit* unit = find_unit(name);
  if (!unit || !(number >= 0) || number * unit->ns > kLongestNs) return std::nullopt;
  return std::llround(number * unit->ns);
}

std::string duration_text(std::int64_t ns) {
  for (const Unit& unit : kUnits) {
    const double value = static_cast<double>(ns) / unit.ns;
    if (value >= 1) return fmt::format("{} {}", value, unit.name);
  }
  return fmt::format("{} ns", ns);
}

}  // namespace mgmt
