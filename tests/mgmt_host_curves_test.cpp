#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/host_curves.h"
#include "mgmt/rate_plot.h"
#include "tests/support/events.h"

namespace mgmt {
namespace {

using aggregator::HostField;
using aggregator::SeriesPoint;
using aggregator::SeriesStep;

constexpr TextStyle kAscii = {false, false, 10};
constexpr TextStyle kUtf8 = {true, false, 10};
constexpr std::int64_t kSecond = tests::kSecond;
constexpr std::size_t kMost = 172'800;

const wire::Address kHost = tests::host(25);

SeriesPoint point(std::uint64_t begin, std::uint64_t queries, std::uint64_t unresolved = 0) {
  SeriesPoint point;
  point.begin = begin;
  point.counts[HostField::kQueriesA] = queries;
  point.counts[HostField::kUnresolved] = unresolved;
  point.destinations = 2.6;
  return point;
}

HostCurves seconds(const std::vector<SeriesPoint>& points, std::int64_t first, std::int64_t last,
                   std::size_t most = kMost) {
  return host_curves(kHost, SeriesStep::kSecond, points, first * kSecond, last * kSecond, most);
}

HostCurves no_frames() {
  return host_curves(kHost, SeriesStep::kSecond, {}, INT64_MAX, INT64_MIN, kMost);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

TEST(HostCurves, StepsInWhichNothingHappenedAreThereWithZero) {
  const HostCurves curves = seconds({point(102, 5), point(105, 6)}, 100, 107);
  ASSERT_EQ(curves.points.size(), 8U);
  EXPECT_EQ(curves.steps_left_out, 0U);
  for (std::size_t i = 0; i < curves.points.size(); ++i) {
    EXPECT_EQ(curves.points[i].begin, 100 + i);
    EXPECT_EQ(curves.points[i].counts.queries(), i == 2 ? 5U : i == 5 ? 6U : 0U);
  }
}

TEST(HostCurves, LongerStepsBeginAtTheirMultiples) {
  const HostCurves curves =
      host_curves(kHost, SeriesStep::kMinute, {point(120, 5)}, 119 * kSecond, 300 * kSecond, kMost);
  ASSERT_EQ(curves.points.size(), 5U);
  EXPECT_EQ(curves.points.front().begin, 60U);
  EXPECT_EQ(curves.points[1].counts.queries(), 5U);
  EXPECT_EQ(curves.points.back().begin, 300U);
}

TEST(HostCurves, OfMoreStepsThanThereIsRoomForTheLastAreKept) {
  const HostCurves curves = seconds({point(100, 1), point(995, 2)}, 100, 999, 10);
  ASSERT_EQ(curves.points.size(), 10U);
  EXPECT_EQ(curves.points.front().begin, 990U);
  EXPECT_EQ(curves.points[5].counts.queries(), 2U);
  EXPECT_EQ(curves.steps_left_out, 890U);
  EXPECT_NE(host_curves_text(curves, kAscii).find("890 steps before these are left out"), std::string::npos);
}

TEST(HostCurves, TimesOfNoUseAreBounded) {
  EXPECT_TRUE(host_curves(kHost, SeriesStep::kSecond, {}, INT64_MAX, INT64_MIN, kMost).points.empty());
  const HostCurves all = host_curves(kHost, SeriesStep::kSecond, {point(5, 1)}, INT64_MIN, INT64_MAX, kMost);
  EXPECT_EQ(all.points.size(), kMost);
  const HostCurves days = host_curves(kHost, SeriesStep::kDay, {point(0, 1)}, INT64_MIN, INT64_MAX, kMost);
  EXPECT_EQ(days.points.front().counts.queries(), 1U);
  EXPECT_EQ(days.points.size(), 106'752U);  // to 2262
}

// A frame older than the one before it counts a nanosecond after that one, be it in the next second.
TEST(HostCurves, APointBehindTheLastFrameIsNotLost) {
  const HostCurves curves = seconds({point(100, 1), point(101, 7)}, 100, 100);
  ASSERT_EQ(curves.points.size(), 2U);
  EXPECT_EQ(curves.points[1].counts.queries(), 7U);
}

// Pearson 1895, of the whole sums.
double textbook_r_squared(const std::vector<SeriesPoint>& points) {
  long double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (const SeriesPoint& point : points) {
    const auto a = static_cast<long double>(point.counts.queries());
    const auto b = static_cast<long double>(point.counts[HostField::kUnresolved]);
    n += 1, x += a, y += b, xx += a * a, yy += b * b, xy += a * b;
  }
  const long double r = (n * xy - x * y) / std::sqrt((n * xx - x * x) * (n * yy - y * y));
  return static_cast<double>(r * r);
}

TEST(HostCurves, RSquaredIsThatOfTheTextbook) {
  std::mt19937 random(1);
  for (const std::uint64_t offset : {0ULL, 1'000'000ULL}) {
    std::vector<SeriesPoint> points;
    for (std::uint64_t i = 0; i < 500; ++i) {
      const std::uint64_t unresolved = offset + random() % 100;
      points.push_back(point(100 + i, unresolved + offset + random() % 50, unresolved));
    }
    const HostCurves curves = seconds(points, 100, 599);
    EXPECT_NEAR(r_squared(curves), textbook_r_squared(points), 1e-6);
    EXPECT_GT(r_squared(curves), 0.5);
    EXPECT_LT(r_squared(curves), 0.99);
  }
}

TEST(HostCurves, RSquaredOfALineIsOneAndOfAConstantZero) {
  EXPECT_DOUBLE_EQ(r_squared(seconds({point(1, 10, 3), point(2, 20, 6), point(3, 40, 12)}, 1, 3)), 1);
  EXPECT_EQ(r_squared(seconds({point(1, 10, 3), point(2, 20, 3)}, 1, 2)), 0);
  EXPECT_EQ(r_squared(seconds({point(1, 10, 3)}, 1, 1)), 0);
  EXPECT_EQ(r_squared(seconds({}, 1, 1)), 0);
}

TEST(HostCurves, EachLineOfTheCsvHasTheColumnsOfTheHeader) {
  const std::string csv = host_curves_csv(seconds({point(102, 5, 2)}, 100, 104));
  const auto lines = split(csv, '\n');
  ASSERT_EQ(lines.size(), 6U);
  const auto header = split(lines[0].substr(0, lines[0].size() - 1), ',');
  EXPECT_EQ(header.size(), 2 + 6 + aggregator::kHostFields + 4);
  for (const std::string& line : lines) {
    EXPECT_EQ(line.back(), '\r') << "RFC 4180";
    EXPECT_EQ(std::ranges::count(line, ','), static_cast<std::ptrdiff_t>(header.size()) - 1);
  }
  const auto cells = split(lines[3].substr(0, lines[3].size() - 1), ',');
  const auto cell = [&](std::string_view name) {
    const auto at = std::ranges::find(header, name);
    return at == header.end() ? "no such column" : cells[static_cast<std::size_t>(at - header.begin())];
  };
  EXPECT_EQ(cell("time"), "1970-01-01T00:01:42Z");
  EXPECT_EQ(cell("begin"), "102");
  EXPECT_EQ(cell("queries"), "5");
  EXPECT_EQ(cell("queries_a"), "5");
  EXPECT_EQ(cell("unresolved"), "2");
  EXPECT_EQ(cell("destinations"), "3");
  auto sorted = header;
  std::ranges::sort(sorted);
  EXPECT_EQ(std::ranges::adjacent_find(sorted), sorted.end()) << "no name twice";
}

TEST(HostCurves, PatternsThatMatchedHaveColumns) {
  SeriesPoint first = point(101, 5);
  first.matches = {{7, 3}, {9, 1}};
  const HostCurves curves = seconds({first, point(102, 1)}, 101, 102);
  const std::string csv = host_curves_csv(curves);
  EXPECT_NE(csv.find(",sources,pattern_7,pattern_9\r\n"), std::string::npos);
  EXPECT_NE(csv.find(",3,1\r\n"), std::string::npos);
  EXPECT_NE(csv.find(",0,0\r\n"), std::string::npos);
  const auto json = nlohmann::json::parse(host_curves_json(curves));
  EXPECT_EQ(json["points"][0]["patterns"], (nlohmann::json{{"7", 3}, {"9", 1}}));
  EXPECT_FALSE(json["points"][1].contains("patterns"));
}

TEST(HostCurves, TheJsonHoldsThePointsAndTheirFields) {
  for (const auto& curves : {seconds({point(101, 5, 2)}, 100, 102), no_frames()}) {
    const auto json = nlohmann::json::parse(host_curves_json(curves));
    EXPECT_EQ(json["host"], "10.0.0.25");
    EXPECT_EQ(json["step"], 1);
    EXPECT_EQ(json["steps_left_out"], 0);
    EXPECT_NEAR(json["r_squared"].get<double>(), curves.points.empty() ? 0 : 1, 1e-12);
    EXPECT_LE(json["r_squared"], 1);
    ASSERT_EQ(json["points"].size(), curves.points.size());
    if (curves.points.empty()) continue;
    EXPECT_EQ(json["points"][1]["begin"], 101);
    EXPECT_EQ(json["points"][1]["time"], "1970-01-01T00:01:41Z");
    EXPECT_EQ(json["points"][1]["queries"], 5);
    EXPECT_EQ(json["points"][1]["unresolved"], 2);
    for (const std::string_view name : aggregator::kHostFieldNames)
      EXPECT_TRUE(json["points"][1].contains(std::string(name))) << name;
  }
}

HostCurves busy(std::size_t steps, std::uint64_t scale) {
  std::vector<SeriesPoint> points;
  for (std::size_t i = 0; i < steps; ++i) {
    SeriesPoint busy = point(100 + i, scale * (i % 17), scale * (i % 13));
    for (std::uint64_t& count : busy.counts.of) count += scale * (i % 5);
    points.push_back(busy);
  }
  return seconds(points, 100, 100 + static_cast<std::int64_t>(steps) - 1);
}

TEST(HostCurves, NoLineIsWiderThanEightyColumns) {
  for (const std::size_t steps : {1U, 2U, 3U, 36U, 69U, 70U, 71U, 1000U}) {
    for (const std::uint64_t scale : {1ULL, 12'345ULL, 1'000'000'000'000ULL}) {
      for (const TextStyle& style : {kAscii, kUtf8, TextStyle{true, true, 10}}) {
        for (const std::string& line : split(host_curves_text(busy(steps, scale), style), '\n'))
          EXPECT_LE(columns_of(line), kTextColumns) << line;
      }
    }
  }
}

TEST(HostCurves, AsciiMeansAsciiAndEachCurveIsThere) {
  const std::string text = host_curves_text(busy(100, 10), kAscii);
  const auto printable = [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); };
  EXPECT_TRUE(std::ranges::all_of(text, printable));
  for (const char* title :
       {"queries per second", "unresolved FQDNs", "A and AAAA", "PTR", "MX", "SMTP connections received",
        "SMTP connections opened", "queries received", "R^2"})
    EXPECT_NE(text.find(title), std::string::npos) << title;
}

TEST(HostCurves, NothingToShowIsASentence) {
  EXPECT_NE(host_curves_text(no_frames(), kAscii).find("The capture holds no frame."), std::string::npos);
  EXPECT_NE(host_curves_text(seconds({}, 1, 5), kAscii).find("This host asked nothing"), std::string::npos);
}

TEST(RatePlot, TheHighestBarReachesTheTopAndZeroIsEmpty) {
  const std::vector<double> rates = {0, 5, 10};
  const Lines lines = rate_plot(rates, kAscii);
  EXPECT_EQ(lines.front().substr(0, 7), "    10+");
  EXPECT_EQ(std::ranges::count(lines.front(), '#'), 23);
  EXPECT_EQ(lines.front().find('#'), 7 + 2 * 23U);
  EXPECT_NE(lines.back().find("mean 5, highest 10"), std::string::npos);
  EXPECT_TRUE(rate_plot({}, kAscii).empty());
}

}  // namespace
}  // namespace mgmt
