#include "mgmt/scatter_plot.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "mgmt/number_text.h"

namespace mgmt {
namespace {

constexpr std::size_t kLabelColumns = 8;  // "-1.23k ┤"
constexpr std::size_t kPlotColumns = 60;
constexpr std::size_t kRows = 18;

struct Glyphs {
  const char* one;
  const char* several;
  const char* line;
  const char* axis;
  const char* tick;
  const char* corner;
  const char* floor;
};
constexpr Glyphs kDots = {"•", "●", "·", "│", "┤", "└", "─"};
constexpr Glyphs kAscii = {"o", "@", ".", "|", "+", "+", "-"};

std::string value_text(double value) {
  const std::string sign = value < 0 ? "-" : "";
  const double size = std::abs(value);
  if (size >= 1e18) return fmt::format("{:.0e}", value);
  if (size >= 1'000) return sign + compact(static_cast<std::uint64_t>(size));
  return fmt::format("{:.2g}", value);
}

struct Axis {
  double least;
  double most;

  std::size_t place(double value, std::size_t cells) const {
    const double share = (value - least) / (most - least);
    return std::min(static_cast<std::size_t>(std::max(0.0, share * static_cast<double>(cells))), cells - 1);
  }
};

Axis axis_of(std::span<const double> observed, std::span<const double> calculated) {
  const auto [low_y, high_y] = std::ranges::minmax(observed);
  const auto [low_x, high_x] = std::ranges::minmax(calculated);
  const double least = std::min({0.0, low_x, low_y});
  const double most = std::max({0.0, high_x, high_y});
  return {least, most > least ? most : least + 1};
}

using Cell = std::pair<std::size_t, std::size_t>;  // row from below, column

std::string row_text(std::size_t row, const std::map<Cell, std::size_t>& points, const Glyphs& glyphs,
                     const TextStyle& style) {
  std::string text;
  std::size_t blanks = 0;
  for (std::size_t column = 0; column < kPlotColumns; ++column) {
    const auto found = points.find({row, column});
    const bool on_line = column * kRows / kPlotColumns == row;
    if (found == points.end() && !on_line) {
      ++blanks;
      continue;
    }
    text.append(std::exchange(blanks, 0), ' ');
    text += found == points.end() ? faint(glyphs.line, style)
                                  : bar_color(found->second == 1 ? glyphs.one : glyphs.several, style);
  }
  return text;
}

}  // namespace

Lines scatter_plot(std::span<const double> observed, std::span<const double> calculated,
                   const TextStyle& style) {
  if (observed.empty()) return {};
  const Glyphs& glyphs = style.utf8 ? kDots : kAscii;
  const Axis axis = axis_of(observed, calculated);
  std::map<Cell, std::size_t> points;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    ++points[{axis.place(observed[i], kRows), axis.place(calculated[i], kPlotColumns)}];
  }
  const std::string least = value_text(axis.least);
  const std::string most = value_text(axis.most);
  Lines lines = {"observed"};
  for (std::size_t row = kRows; row-- > 0;) {
    const bool top = row == kRows - 1;
    lines.push_back(fmt::format("{:>{}} {}{}", top ? most : "", kLabelColumns - 2,
                                top ? glyphs.tick : glyphs.axis, row_text(row, points, glyphs, style)));
  }
  std::string floor = fmt::format("{:>{}} {}", least, kLabelColumns - 2, glyphs.corner);
  for (std::size_t column = 0; column < kPlotColumns; ++column) floor += glyphs.floor;
  lines.push_back(std::move(floor));
  const std::size_t between = kPlotColumns - least.size() - most.size();
  lines.push_back(fmt::format("{:{}}{}{:^{}}{}", "", kLabelColumns, least, "calculated", between, most));
  lines.push_back(faint(fmt::format("{:{}}{} a row   {} several   {} where both are the same", "",
                                    kLabelColumns, glyphs.one, glyphs.several, glyphs.line),
                        style));
  return lines;
}

}  // namespace mgmt
