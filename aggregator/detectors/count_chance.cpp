#include "aggregator/detectors/count_chance.h"

#include <cmath>
#include <numbers>

namespace aggregator {

// The regularised incomplete beta function I_p(count, shape) by its power series (Abramowitz and Stegun
// 26.5.4), with a uniform prior of the rate.
double log10_chance(double count, double seen, double expected) noexcept {
  const double shape = seen + 1;
  const double p = expected / (1 + expected);
  if (count <= shape * expected) return 0;
  double term = 1;
  double sum = 1;
  for (double n = 0; term > 1e-12 * sum; ++n) {
    term *= p * (count + shape + n) / (count + 1 + n);
    sum += term;
  }
  const double natural = count * std::log(p) + shape * std::log1p(-p) + std::lgamma(count + shape) -
                         std::lgamma(count + 1) - std::lgamma(shape) + std::log(sum);
  return natural * std::numbers::log10e;
}

}  // namespace aggregator
