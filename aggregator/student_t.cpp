#include "aggregator/student_t.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace aggregator {

double student_t_inside(double t, std::size_t degrees) noexcept {
  constexpr std::size_t kMostDegrees = 10'000;
  degrees = std::min(degrees, kMostDegrees);
  const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
  const double cosine = std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1;
  double sum = degrees == 1 ? 0 : term;
  for (std::size_t power = odd ? 3 : 2; power + 2 <= degrees; power += 2) {
    term *= cosine * cosine * static_cast<double>(power - 1) / static_cast<double>(power);
    sum += term;
  }
  return odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
}

// By halves: the function rises with t.
double student_t_quantile(double share, std::size_t degrees) noexcept {
  double low = 0;
  double high = 1'000;  // 0.999 of one degree is at 637
  for (int half = 0; half < 60; ++half) {
    const double middle = (low + high) / 2;
    (student_t_inside(middle, degrees) < share ? low : high) = middle;
  }
  return high;
}

}  // namespace aggregator
