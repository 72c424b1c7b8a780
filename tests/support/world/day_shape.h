// How busy the campus is in the course of a day that is compressed into a capture.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/support/world/nanos.h"

namespace tests::world {

class DayShape {
 public:
  // About 1000 all the time, give or take a tenth.
  static DayShape steady(Nanos length);
  // 20 s of early morning, then a peak in the morning, one at lunch time of twice the early rate, and
  // evening.
  static DayShape weekday(Nanos length);
  // Flat and low.
  static DayShape holiday(Nanos length);
  // Twice a rise to 1.8 times the rate within 8 s.
  static DayShape lunch_time_peaks(Nanos length);

  // Thousandths of the nominal rates. Before the first instant as at it.
  std::uint32_t permille(Nanos time) const noexcept;

  static constexpr std::uint32_t kMaxPermille = 1600;

 private:
  struct Point {
    Nanos time = 0;
    std::uint32_t permille = 0;
  };
  explicit DayShape(std::vector<Point> points) : points_(std::move(points)) {}

  std::vector<Point> points_;  // straight lines between them
};

}  // namespace tests::world
