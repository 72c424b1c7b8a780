#include "tests/support/world/day_shape.h"

namespace tests::world {
namespace {

constexpr Nanos kQuietStart = 20 * kSecond;

}  // namespace

DayShape DayShape::steady(Nanos length) {
  std::vector<Point> points;
  bool high = false;
  for (Nanos time = 0; time <= length; time += 35 * kSecond, high = !high)
    points.push_back({time, high ? 1080U : 930U});
  return DayShape(std::move(points));
}

DayShape DayShape::weekday(Nanos length) {
  const Nanos day = length - kQuietStart;
  return DayShape({{0, 700},
                   {kQuietStart, 700},
                   {kQuietStart + day * 30 / 100, 1250},  // Morning peak.
                   {kQuietStart + day * 42 / 100, 1100},
                   {kQuietStart + day * 55 / 100, 1400},  // Lunch time.
                   {kQuietStart + day * 68 / 100, 1100},
                   {kQuietStart + day * 80 / 100, 1050},
                   {kQuietStart + day, 700}});
}

DayShape DayShape::holiday(Nanos length) {
  return DayShape({{0, 480}, {length / 2, 540}, {length, 490}});
}

DayShape DayShape::lunch_time_peaks(Nanos length) {
  constexpr Nanos kRise = 8 * kSecond;
  constexpr Nanos kPeak = 15 * kSecond;
  constexpr std::uint32_t kLow = 850;
  constexpr std::uint32_t kHigh = 1530;
  std::vector<Point> points = {{0, kLow}};
  for (const Nanos from : {length * 3 / 10, length * 6 / 10}) {
    points.push_back({from, kLow});
    points.push_back({from + kRise, kHigh});
    points.push_back({from + kRise + kPeak, kHigh});
    points.push_back({from + kRise + kPeak + kRise, kLow});
  }
  points.push_back({length, kLow});
  return DayShape(std::move(points));
}

std::uint32_t DayShape::permille(Nanos time) const noexcept {
  const Point* before = &points_.front();
  for (const Point& point : points_) {
    if (time < point.time) {
      const Nanos across = point.time - before->time;
      if (across == 0) return point.permille;
      const Nanos rise = std::int64_t{point.permille} - before->permille;
      return static_cast<std::uint32_t>(before->permille + rise * (time - before->time) / across);
    }
    before = &point;
  }
  return before->permille;
}

}  // namespace tests::world
