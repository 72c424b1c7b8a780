#include "mgmt/delay_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "mgmt/duration_text.h"
#include "mgmt/number_text.h"

namespace mgmt {
namespace {

using aggregator::DelayBin;
using aggregator::Pairing;

constexpr std::size_t kLabelColumns = 6;  // "100k ┤"
constexpr std::size_t kPlotColumns = 70;
constexpr std::size_t kMaxRowsPerDecade = 5;
constexpr std::size_t kAimRows = 12;
constexpr std::size_t kTicks = 4;

struct Glyphs {
  std::array<const char*, 9> eighths;  // of a cell filled from below
  const char* curve;
  const char* axis;
  const char* tick_left;
  const char* corner;
  const char* floor;
  const char* tick_down;
};
constexpr Glyphs kBlocks = {{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}, "•", "│", "┤", "└", "─", "┴"};
constexpr Glyphs kAscii = {{" ", " ", " ", " ", "#", "#", "#", "#", "#"}, "*", "|", "+", "+", "-", "+"};

// Bins that share a bar: a divisor of their number if one leaves the plot at least half full.
std::size_t bins_per_bar(std::size_t bins) {
  const std::size_t least = (bins + kPlotColumns - 1) / kPlotColumns;
  for (std::size_t n = least; bins / n >= kPlotColumns / 2; ++n) {
    if (bins % n == 0) return n;
  }
  return least;
}

std::vector<DelayBin> bars_of(std::span<const DelayBin> bins) {
  const std::size_t step = bins_per_bar(bins.size());
  std::vector<DelayBin> bars;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (i % step == 0) bars.push_back({bins[i].from_ns, bins[i].to_ns, 0});
    bars.back().to_ns = bins[i].to_ns;
    bars.back().count += bins[i].count;
  }
  return bars;
}

// The count axis: rows above the floor.
struct LogAxis {
  std::size_t rows_per_decade;
  std::size_t rows;

  explicit LogAxis(std::uint64_t highest) {
    const double decades =
        std::max(1.0, std::log10(static_cast<double>(std::max<std::uint64_t>(highest, 1))));
    rows_per_decade = std::clamp<std::size_t>(kAimRows / static_cast<std::size_t>(std::ceil(decades)), 1,
                                              kMaxRowsPerDecade);
    rows = static_cast<std::size_t>(std::ceil(height(std::pow(10, decades)) - 1e-9));
  }

  double height(double count) const {
    return count > 0 ? std::max(0.0, 1 + static_cast<double>(rows_per_decade) * std::log10(count)) : 0;
  }
  std::string label(std::size_t row) const {
    if (row % rows_per_decade != 0) return "";
    std::uint64_t count = 1;
    for (std::size_t decade = row / rows_per_decade; decade > 0; --decade) count *= 10;
    std::string text = compact(count);
    const std::size_t point = text.find('.');
    if (point != std::string::npos) text.erase(point, text.find_last_of("0.") - point + 1);
    return text;
  }
};

class Plot {
 public:
  Plot(const Pairing& pairing, const TextStyle& style)
      : pairing_(pairing),
        style_(style),
        glyphs_(style.utf8 ? kBlocks : kAscii),
        bars_(bars_of(pairing.histogram)),
        cells_per_bar_(kPlotColumns / bars_.size()),
        axis_(std::ranges::max(bars_, {}, &DelayBin::count).count) {}

  Lines lines() const {
    Lines lines;
    for (std::size_t row = axis_.rows; row-- > 0;) lines.push_back(plot_row(row));
    lines.push_back(floor_line());
    lines.push_back(delay_labels());
    lines.push_back(legend());
    return lines;
  }

 private:
  std::size_t width() const { return bars_.size() * cells_per_bar_; }
  double bar_seconds() const { return static_cast<double>(bars_[0].to_ns - bars_[0].from_ns) / 1e9; }

  // Pairs that the exponential puts into a bar centred on this cell.
  double expected(std::size_t cell) const {
    const double bar = bar_seconds();
    const double centre = (static_cast<double>(cell) + 0.5) / static_cast<double>(cells_per_bar_) * bar;
    const double rate = pairing_.rate_per_s;
    return static_cast<double>(pairing_.pairs) *
           (std::exp(-rate * (centre - bar / 2)) - std::exp(-rate * (centre + bar / 2)));
  }

  bool on_curve(std::size_t cell, std::size_t row) const {
    const double height = axis_.height(expected(cell));  // Not a number where the rate is not: no curve.
    return height > static_cast<double>(row) && height <= static_cast<double>(row + 1);
  }

  const char* bar_glyph(std::size_t cell, std::size_t row) const {
    const double height = axis_.height(static_cast<double>(bars_[cell / cells_per_bar_].count));
    const double filled = std::clamp(height - static_cast<double>(row), 0.0, 1.0);
    return glyphs_.eighths[static_cast<std::size_t>(std::lround(filled * 8))];
  }

  std::size_t cells_in_row(std::size_t row) const {
    std::size_t cells = width();
    while (cells > 0 && !on_curve(cells - 1, row) && bar_glyph(cells - 1, row) == glyphs_.eighths[0]) --cells;
    return cells;
  }

  std::string plot_row(std::size_t row) const {
    const std::string label = axis_.label(row);
    std::string line =
        fmt::format("{:>{}} {}", label, kLabelColumns - 2, label.empty() ? glyphs_.axis : glyphs_.tick_left);
    std::string cells;
    for (std::size_t cell = 0; cell < cells_in_row(row); ++cell) {
      cells +=
          on_curve(cell, row) ? curve_color(glyphs_.curve, style_) : bar_color(bar_glyph(cell, row), style_);
    }
    return line + cells;
  }

  std::string floor_line() const {
    std::string line(kLabelColumns - 1, ' ');
    line += glyphs_.corner;
    for (std::size_t cell = 1; cell <= width(); ++cell) {
      line += cell * kTicks % width() < kTicks ? glyphs_.tick_down : glyphs_.floor;
    }
    return line;
  }

  std::string delay_labels() const {
    const std::int64_t span_ns = bars_.back().to_ns;
    std::string line(kLabelColumns + kPlotColumns + 2, ' ');
    for (std::size_t tick = 0; tick <= kTicks; ++tick) {
      const std::string label =
          tick == 0 ? "0" : duration_text(span_ns * static_cast<std::int64_t>(tick) / std::int64_t{kTicks});
      const std::size_t centre = kLabelColumns - 1 + (tick * width() + kTicks - 1) / kTicks;
      const std::size_t at = std::min(centre - label.size() / 2, line.size() - label.size());
      line.replace(at, label.size(), label);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  }

  std::string legend() const {
    return fmt::format("{:{}}{} pairs in {}   {} exponential of the same mean", "", kLabelColumns,
                       bar_color(glyphs_.eighths.back(), style_),
                       duration_text(bars_[0].to_ns - bars_[0].from_ns), curve_color(glyphs_.curve, style_));
  }

  const Pairing& pairing_;
  const TextStyle& style_;
  const Glyphs& glyphs_;
  std::vector<DelayBin> bars_;
  std::size_t cells_per_bar_;
  LogAxis axis_;
};

}  // namespace

Lines delay_plot(const Pairing& pairing, const TextStyle& style) {
  if (pairing.histogram.empty()) return {};
  return Plot(pairing, style).lines();
}

}  // namespace mgmt
