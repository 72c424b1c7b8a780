// Least squares over the last steps, for live use.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "aggregator/regression.h"

namespace aggregator {

// What the last steps come to.
struct RollingFit {
  std::vector<double> coefficients;  // of the columns; an intercept's is the last
  std::vector<double> inverse;       // of X'X (and the prior) by rows, 0 where a coefficient is held at 0
  double deviation = 0;              // of the residuals, by their degrees of freedom
  std::size_t rows = 0;

  struct Prediction {
    double value = 0;
    double deviation = 0;  // of an observation from it: the residuals' and that of the coefficients
  };
  // `x`, without the intercept's 1, is the sum of so many steps.
  Prediction predict(std::span<const double> x, double steps = 1) const;
};

// Keeps X'X, X'y and y'y of a window: O(k^2) for a step, O(k^3) for a fit, nothing allocated by add(). Sums
// of counts are exact up to 2^53; all is summed afresh once in a window, so that rounding cannot grow. The
// normal equations lose half of the digits: six are left where `regress` would have twelve. One thread.
class RollingRegression {
 public:
  // With a prior, coefficients of columns are known to be 0 but for such a deviation before anything is seen
  // (ridge regression; Hoerl and Kennard 1970): columns that say nothing so far then leave their coefficients
  // open, instead of the whole solution.
  RollingRegression(std::size_t columns, std::size_t window_steps, const RegressionSettings& settings,
                    std::optional<double> prior_deviation = std::nullopt);

  // One value for each column. What is older than the window is forgotten.
  void add(std::span<const double> x, double y);

  // None while there are no more steps than coefficients; without a prior also if columns depend on each
  // other.
  std::optional<RollingFit> fit() const;

  std::size_t window() const noexcept { return window_; }

  // The rows that are kept, oldest first, of the columns and y; for BaselineCarrier.
  std::vector<double> learned() const;
  void resume(std::span<const double> rows);

 private:
  void weigh(std::span<const double> row, double weight) noexcept;
  void sum_afresh() noexcept;
  std::span<const double> row(std::size_t at) const noexcept { return {&rows_[at * width_], width_}; }

  RegressionSettings settings_;
  std::optional<double> prior_deviation_;
  std::size_t window_;
  std::size_t width_;         // columns, the intercept's 1, y
  std::vector<double> rows_;  // a circle
  std::vector<double> sums_;  // of the products of any two in a row
  std::size_t next_ = 0;
  std::size_t used_ = 0;
};

}  // namespace aggregator
