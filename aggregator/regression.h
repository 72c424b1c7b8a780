// Least squares of one column on others: D_q = m_S N_S + m_P N_P (Musashi, Matsuba and Sugitani) and its kin.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aggregator {

struct NamedColumn {
  std::string name;
  std::vector<double> values;
};

struct RegressionSettings {
  bool intercept = false;    // the paper has none
  bool nonnegative = false;  // coefficients; an intercept may still be negative
};

inline constexpr std::string_view kInterceptName = "intercept";
inline constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

// Standard error and the interval of 95 % by Student's t. Not known where there are no more rows than
// coefficients, and of a coefficient held at 0; those of the others are then as if its column were not there.
struct Coefficient {
  std::string name;
  double value = 0;
  double standard_error = kNotKnown;
  double low = kNotKnown;
  double high = kNotKnown;
};

struct Regression {
  // The normal equations A x = d, which the paper prints: X'X by rows and X'y; an intercept's column is the
  // last.
  std::vector<double> matrix;
  std::vector<double> vector;
  // Columns that are sums of multiples of the others, or 0 throughout; or there are fewer rows than columns.
  // If there are any, nothing below is known.
  std::vector<std::string> dependent;

  std::vector<Coefficient> coefficients;  // in the order of the columns
  std::vector<double> calculated;         // of each row
  std::vector<double> residuals;          // observed less calculated
  double deviation = kNotKnown;           // of the residuals, by their degrees of freedom
  // With the mean: the share of y's variance that is explained, 1 - sum(residual^2) / sum((y - mean)^2),
  // which without an intercept may be negative. About zero: the same with sum(y^2). Not known of a constant
  // y.
  double r2 = kNotKnown;
  double r2_about_zero = kNotKnown;

  bool determined() const noexcept { return dependent.empty(); }
};

// By QR decomposition with column pivoting, of columns scaled to the same length; the normal equations are
// for the reader alone. All columns have as many values as `y`, which are finite; at least one column.
Regression regress(const NamedColumn& y, std::span<const NamedColumn> x, const RegressionSettings& settings);

// The same with coefficients that are known beforehand, one for each column: what they calculate, and what is
// left. Their errors are not known, and the deviation is about zero.
Regression with_coefficients(const NamedColumn& y, std::span<const NamedColumn> x,
                             std::span<const double> coefficients);

}  // namespace aggregator
