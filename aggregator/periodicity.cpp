#include "aggregator/periodicity.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <Eigen/QR>

namespace aggregator {
namespace {

constexpr std::size_t kLeastSteps = 24;
constexpr int kLeastCycles = 3;
constexpr std::size_t kLeastPeriod = 4;

// Less the straight line and the waves of one and two cycles that fit best.
std::vector<double> without_trend(std::span<const double> counts) {
  const auto n = static_cast<Eigen::Index>(counts.size());
  Eigen::MatrixXd slow(n, 2 + 2 * (kLeastCycles - 1));
  slow.col(0).setOnes();
  slow.col(1).setLinSpaced(0, 1 - 1 / static_cast<double>(n));
  for (Eigen::Index cycles = 1; cycles < kLeastCycles; ++cycles) {
    const Eigen::ArrayXd angle = 2 * std::numbers::pi * static_cast<double>(cycles) * slow.col(1).array();
    slow.col(2 * cycles) = angle.cos();
    slow.col(2 * cycles + 1) = angle.sin();
  }
  const Eigen::Map<const Eigen::VectorXd> all(counts.data(), n);
  const Eigen::VectorXd rest = all - slow * slow.householderQr().solve(all);
  return {rest.data(), rest.data() + n};
}

// At so many cycles in the whole series. The phase goes round by multiplication, which is exact enough: its
// rounding grows with the square root of the steps.
double power(std::span<const double> values, double cycles) {
  const std::complex<double> turn =
      std::polar(1.0, -2 * std::numbers::pi * cycles / static_cast<double>(values.size()));
  std::complex<double> phase = 1;
  std::complex<double> sum = 0;
  for (const double value : values) {
    sum += value * phase;
    phase *= turn;
  }
  return std::norm(sum);
}

// The greatest power within one cycle of this, by the golden section.
double sharpened(std::span<const double> values, double cycles) {
  double low = std::max<double>(cycles - 1, kLeastCycles);
  double high = cycles + 1;
  while (high - low > 1e-3) {
    const double step = (high - low) / std::numbers::phi;
    if (power(values, high - step) > power(values, low + step)) {
      high = low + step;
    } else {
      low = high - step;
    }
  }
  return (low + high) / 2;
}

}  // namespace

Ripple find_ripple(std::span<const double> counts) {
  if (counts.size() < kLeastSteps) return {};
  const std::vector<double> values = without_trend(counts);
  double sum = 0;
  double greatest = 0;
  int strongest = 0;
  const int last = static_cast<int>(counts.size() / kLeastPeriod);
  for (int cycles = kLeastCycles; cycles <= last; ++cycles) {
    const double found = power(values, cycles);
    sum += found;
    if (found <= greatest) continue;
    greatest = found;
    strongest = cycles;
  }
  const auto n = static_cast<double>(counts.size());
  double squares = 0;
  double size = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    squares += values[i] * values[i];
    size += counts[i] * counts[i];
  }
  if (strongest == 0 || squares <= 1e-20 * size) return {};  // rounding is no ripple
  const double candidates = last - kLeastCycles + 1;
  const double each = std::pow(1 - greatest / sum, candidates - 1);
  const double cycles = sharpened(values, strongest);
  return {n / cycles, 2 * power(values, cycles) / (n * squares), -std::expm1(candidates * std::log1p(-each))};
}

}  // namespace aggregator
