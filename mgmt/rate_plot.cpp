#include "mgmt/rate_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "mgmt/number_text.h"

namespace mgmt {
namespace {

constexpr std::size_t kLabelColumns = 7;  // "12.3k ┤"
constexpr std::size_t kPlotColumns = 70;
constexpr std::size_t kRows = 5;

struct Glyphs {
  std::array<const char*, 9> eighths;  // of a cell filled from below
  const char* axis;
  const char* tick;
  const char* corner;
  const char* floor;
};
constexpr Glyphs kBlocks = {{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}, "│", "┤", "└", "─"};
constexpr Glyphs kAscii = {{" ", ".", ".", ".", ":", ":", ":", "#", "#"}, "|", "+", "+", "-"};

std::string rate_text(double rate) {
  if (rate >= 10'000) return compact(static_cast<std::uint64_t>(std::llround(rate)));
  if (rate >= 100) return fmt::format("{:.0f}", rate);
  return fmt::format("{:.3g}", rate);
}

std::vector<double> bars_of(std::span<const double> rates) {
  const std::size_t columns = std::min(rates.size(), kPlotColumns);
  std::vector<double> bars;
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t from = i * rates.size() / columns;
    const std::size_t to = (i + 1) * rates.size() / columns;
    const auto part = rates.subspan(from, to - from);
    bars.push_back(std::accumulate(part.begin(), part.end(), 0.0) / static_cast<double>(part.size()));
  }
  return bars;
}

// Few points are drawn wider.
std::size_t cells_per_bar(std::size_t bars) {
  return std::max<std::size_t>(1, kPlotColumns / bars);
}

std::string row_text(std::span<const double> bars, double top, std::size_t row, const Glyphs& glyphs) {
  std::string text;
  for (const double bar : bars) {
    const double eighths =
        std::ceil(bar / top * static_cast<double>(kRows) * 8) - static_cast<double>(row) * 8;
    const auto glyph = static_cast<std::size_t>(std::clamp(eighths, 0.0, 8.0));
    for (std::size_t cell = 0; cell < cells_per_bar(bars.size()); ++cell) text += glyphs.eighths[glyph];
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

Lines rate_plot(std::span<const double> rates, const TextStyle& style) {
  if (rates.empty()) return {};
  const Glyphs& glyphs = style.utf8 ? kBlocks : kAscii;
  const std::vector<double> bars = bars_of(rates);
  const double top = std::max(*std::ranges::max_element(bars), 1e-9);
  Lines lines;
  for (std::size_t row = kRows; row-- > 0;) {
    const bool labelled = row == kRows - 1;
    lines.push_back(fmt::format("{:>{}}{}{}", labelled ? rate_text(top) : "", kLabelColumns - 1,
                                labelled ? glyphs.tick : glyphs.axis,
                                bar_color(row_text(bars, top, row, glyphs), style)));
  }
  std::string floor = fmt::format("{:>{}}{}", "0", kLabelColumns - 1, glyphs.corner);
  for (std::size_t cell = 0; cell < bars.size() * cells_per_bar(bars.size()); ++cell) floor += glyphs.floor;
  lines.push_back(std::move(floor));
  const double mean = std::accumulate(rates.begin(), rates.end(), 0.0) / static_cast<double>(rates.size());
  lines.push_back(faint(fmt::format("{:{}}mean {}, highest {}", "", kLabelColumns, rate_text(mean),
                                    rate_text(*std::ranges::max_element(rates))),
                        style));
  return lines;
}

}  // namespace mgmt
