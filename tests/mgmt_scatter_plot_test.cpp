#include <vector>

#include <gtest/gtest.h>

#include "mgmt/scatter_plot.h"

namespace mgmt {
namespace {

constexpr TextStyle kAscii = {false, false, 10};
constexpr TextStyle kUtf8 = {true, false, 10};

using Values = std::vector<double>;

constexpr std::size_t kTop = 1;      // the line of the greatest
constexpr std::size_t kBottom = 18;  // and of the least
constexpr std::size_t kLeft = 8;     // column of the least
constexpr std::size_t kRight = 67;

char at(const Lines& lines, std::size_t line, std::size_t column) {
  return column < lines[line].size() ? lines[line][column] : ' ';
}

TEST(ScatterPlot, PutsObservedUpwardsAndCalculatedToTheRight) {
  const Lines lines = scatter_plot(Values{0, 50}, Values{90, 50}, kAscii);
  EXPECT_EQ(at(lines, kBottom, kRight), 'o');
  EXPECT_EQ(at(lines, kTop, kLeft), ' ');
  EXPECT_EQ(at(lines, kBottom, kLeft), '.');  // the line of equals, from corner to corner
  EXPECT_EQ(at(lines, kTop, kRight), '.');
}

TEST(ScatterPlot, HidesTheLineUnderPointsThatAreOnIt) {
  Values values;
  for (int i = 0; i <= 600; ++i) values.push_back(i);
  const Lines lines = scatter_plot(values, values, kAscii);
  for (std::size_t line = kTop; line <= kBottom; ++line) {
    EXPECT_EQ(lines[line].find('.'), std::string::npos);
    EXPECT_NE(lines[line].find('@'), std::string::npos);
  }
}

TEST(ScatterPlot, NamesTheEndsOfItsAxesAndFits) {
  const Lines lines = scatter_plot(Values{-4.56e6, 1.2345e6}, Values{1e6, 9.99e11}, kUtf8);
  EXPECT_TRUE(lines[kTop].starts_with("  999G ┤")) << lines[kTop];
  EXPECT_TRUE(lines[kBottom + 1].starts_with("-4.56M └")) << lines[kBottom + 1];
  for (const std::string& line : lines) EXPECT_LE(columns_of(line), 78U) << line;
  EXPECT_TRUE(scatter_plot(Values{}, Values{}, kUtf8).empty());
  EXPECT_FALSE(scatter_plot(Values{0}, Values{0}, kUtf8).empty());
}

}  // namespace
}  // namespace mgmt
