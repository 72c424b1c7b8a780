// A curve of something: by the second, the minute, the hour and the day.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace aggregator {

enum class SeriesStep : std::uint8_t {
  kSecond,
  kMinute,
  kHour,
  kDay,
  kCount
};
inline constexpr std::size_t kSeriesSteps = static_cast<std::size_t>(SeriesStep::kCount);
inline constexpr std::array<std::string_view, kSeriesSteps> kSeriesStepNames = {"1s", "1m", "1h", "1d"};
inline constexpr std::array<std::uint64_t, kSeriesSteps> kSeriesStepSeconds = {1, 60, 3600, 86400};
// An hour of seconds, a week of minutes, a year of hours and of days.
inline constexpr std::array<std::size_t, kSeriesSteps> kSeriesPoints = {3600, 10080, 8784, 366};

// Rows of seconds are added up with += and become a Point when their step is over. Steps in which nothing
// happened have no point. One thread.
template <class Row, class Point>
class StepSeries {
 public:
  // Hours and days begin where they do `east_s` seconds east of Greenwich, at most a day either way.
  explicit StepSeries(const std::array<std::size_t, kSeriesSteps>& points = kSeriesPoints,
                      std::int64_t east_s = 0)
      : points_(points), east_s_(static_cast<std::uint64_t>(east_s + kDay) % kDay) {}

  // `second` since 1970; never goes back.
  void add(std::uint64_t second, const Row& row) {
    for (std::size_t step = 0; step < kSeriesSteps; ++step) {
      Curve& curve = curves_[step];
      const std::uint64_t begin = second - std::min(second, (second + east_s_) % kSeriesStepSeconds[step]);
      if (curve.open && curve.begin != begin) {
        curve.closed.push_back(Point(curve.begin, *curve.open));
        if (curve.closed.size() >= points_[step]) curve.closed.pop_front();
        curve.open.reset();
      }
      curve.begin = begin;
      if (curve.open) {
        *curve.open += row;
      } else {
        curve.open = row;
      }
    }
  }

  // Oldest first, the open one too.
  std::vector<Point> points(SeriesStep step) const {
    const Curve& curve = curves_[static_cast<std::size_t>(step)];
    std::vector<Point> points(curve.closed.begin(), curve.closed.end());
    if (curve.open) points.push_back(Point(curve.begin, *curve.open));
    return points;
  }

  // The step that begins at `begin`, the open one too; nothing if nothing happened in it.
  std::optional<Point> point(SeriesStep step, std::uint64_t begin) const {
    const Curve& curve = curves_[static_cast<std::size_t>(step)];
    if (curve.open && curve.begin == begin) return Point(begin, *curve.open);
    const auto found = std::ranges::lower_bound(curve.closed, begin, {}, &Point::begin);
    return found != curve.closed.end() && found->begin == begin ? std::optional<Point>(*found) : std::nullopt;
  }

 private:
  struct Curve {
    std::deque<Point> closed;
    std::uint64_t begin = 0;
    std::optional<Row> open;
  };

  static constexpr std::int64_t kDay = 86'400;

  std::array<std::size_t, kSeriesSteps> points_;
  std::uint64_t east_s_;
  std::array<Curve, kSeriesSteps> curves_;
};

}  // namespace aggregator
