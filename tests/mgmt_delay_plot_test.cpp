#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mgmt/delay_plot.h"

namespace mgmt {
namespace {

constexpr TextStyle kAscii = {false, false, 10};
constexpr TextStyle kUtf8 = {true, false, 10};

// Bins of 100 ms. The rate is no number, so no curve hides a bar.
aggregator::Pairing bars_only(std::initializer_list<std::uint64_t> counts) {
  aggregator::Pairing pairing;
  pairing.rate_per_s = std::numeric_limits<double>::quiet_NaN();
  for (const std::uint64_t count : counts) {
    const std::int64_t from = static_cast<std::int64_t>(pairing.histogram.size()) * 100'000'000;
    pairing.histogram.push_back({from, from + 100'000'000, count});
    pairing.pairs += count;
  }
  return pairing;
}

// Rows that the bar in plot column `column` fills.
std::size_t bar_rows(const Lines& lines, std::size_t column) {
  std::size_t rows = 0;
  for (const std::string& line : lines) {
    const bool has_axis = line.size() > 5 && line[5] != ' ';
    if (has_axis && line.size() > 6 + column && line[6 + column] == '#') ++rows;
  }
  return rows;
}

TEST(DelayPlot, EachPowerOfTenFillsTheRowThatItLabels) {
  const Lines lines = delay_plot(bars_only({1, 10, 100, 1000}), kAscii);
  const std::size_t bar = 70 / 4;
  const auto row_of = [&](const std::string& label) {
    for (std::size_t row = 0; row < lines.size(); ++row) {
      if (lines[row].substr(0, 6) == std::string(4 - label.size(), ' ') + label + " +") return row;
    }
    return lines.size();
  };
  std::size_t column = 0;
  for (const char* label : {"1", "10", "100", "1k"}) {
    const std::size_t row = row_of(label);
    ASSERT_LT(row, lines.size()) << label;
    EXPECT_EQ(lines[row].at(6 + column), '#') << label;
    if (row > 0) {
      EXPECT_NE((lines[row - 1] + std::string(80, ' ')).at(6 + column), '#') << label;
    }
    column += bar;
  }
}

TEST(DelayPlot, EqualFactorsAreEqualSteps) {
  const Lines lines = delay_plot(bars_only({1, 10, 100, 1000, 10'000}), kAscii);
  const std::size_t bar = 70 / 5;
  const std::size_t step = bar_rows(lines, bar) - bar_rows(lines, 0);
  EXPECT_GT(step, 0U);
  for (std::size_t i = 2; i < 5; ++i)
    EXPECT_EQ(bar_rows(lines, i * bar) - bar_rows(lines, (i - 1) * bar), step);
}

TEST(DelayPlot, OneIsVisibleAndZeroIsNot) {
  const Lines lines = delay_plot(bars_only({1, 0, 1000}), kAscii);
  EXPECT_EQ(bar_rows(lines, 0), 1U);
  EXPECT_EQ(bar_rows(lines, 70 / 3), 0U);
}

TEST(DelayPlot, PartsOfARowAreEighths) {
  // Half a decade above 1 on an axis of five rows a decade is two and a half rows above the lowest.
  const Lines lines = delay_plot(bars_only({3, 10}), kUtf8);
  const std::string& row = lines.at(lines.size() - 3 - 4);
  EXPECT_NE(row.find("▃"), std::string::npos) << row;  // 5 log10(3) = 2.39: three eighths
}

TEST(DelayPlot, BinsThatDoNotFitShareABarAndKeepTheirSum) {
  aggregator::Pairing pairing = bars_only({});
  for (std::int64_t i = 0; i < 1000; ++i)
    pairing.histogram.push_back({i * 1'000'000, (i + 1) * 1'000'000, 1});
  pairing.pairs = 1000;
  const Lines lines = delay_plot(pairing, kAscii);
  EXPECT_NE(lines.back().find("pairs in 20 ms"), std::string::npos) << lines.back();
  for (const std::string& line : lines) EXPECT_LE(columns_of(line), 78U);
  EXPECT_EQ(bar_rows(lines, 0), 8U);  // 1 + ceil(5 log10 20), rounded to rows: 7.5
}

TEST(DelayPlot, AxisNamesTheDelaysAtItsTicks) {
  const Lines lines = delay_plot(bars_only({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}), kAscii);
  const std::string& labels = lines.at(lines.size() - 2);
  for (const char* label : {"0", "250 ms", "500 ms", "750 ms", "1 s"}) {
    EXPECT_NE(labels.find(label), std::string::npos) << label;
  }
}

TEST(DelayPlot, ExponentialIsAStraightLineFromItsRate) {
  aggregator::Pairing pairing;
  pairing.pairs = 100'000;
  pairing.rate_per_s = 9.210340371976184;  // a factor of 10,000 over the window of one second
  for (std::int64_t i = 0; i < 70; ++i) {
    pairing.histogram.push_back({i * 1'000'000'000 / 70, (i + 1) * 1'000'000'000 / 70, 0});
  }
  pairing.histogram[69].count = 10'000;  // gives the axis its height
  const Lines lines = delay_plot(pairing, kAscii);
  // Four decades of three rows each share the columns evenly.
  std::vector<double> length(lines.size());
  for (std::size_t row = 0; row + 3 < lines.size(); ++row) {
    length[row] = static_cast<double>(std::count(lines[row].begin(), lines[row].end(), '*'));
  }
  for (std::size_t row = 2; row + 5 < lines.size(); ++row) EXPECT_NEAR(length[row], 70.0 / (4 * 3), 1) << row;
}

TEST(DelayPlot, NoHistogramAndNoCountDrawNothingWrong) {
  EXPECT_TRUE(delay_plot({}, kAscii).empty());
  EXPECT_FALSE(delay_plot(bars_only({0}), kAscii).empty());
}

}  // namespace
}  // namespace mgmt
