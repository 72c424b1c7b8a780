// Least squares with coefficients that may not be negative (Lawson and Hanson, Solving Least Squares
// Problems, 1974, algorithm 23.10).
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

namespace aggregator {

using ColumnSet = std::vector<bool>;  // by column

inline std::vector<Eigen::Index> places_of(const ColumnSet& columns) {
  std::vector<Eigen::Index> places;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i]) places.push_back(static_cast<Eigen::Index>(i));
  }
  return places;
}

// `solve(ColumnSet)` gives the unbounded solution of these columns, and 0 for the others; `gradient(x)` gives
// X'(y - Xx), which counts as 0 up to `tolerance`. `chosen` are the columns to begin with, which stay and may
// be negative; it becomes those that the solution uses. Ends, with the best so far, after three times as many
// turns as there are columns: rounding could go round in circles.
template <class Solve, class Gradient>
Eigen::VectorXd nonnegative_solution(ColumnSet& chosen, double tolerance, const Solve& solve,
                                     const Gradient& gradient) {
  const ColumnSet unbounded = chosen;
  const auto columns = static_cast<Eigen::Index>(chosen.size());
  const auto in = [](const ColumnSet& set, Eigen::Index i) { return set[static_cast<std::size_t>(i)]; };
  Eigen::VectorXd x = solve(chosen);
  for (Eigen::Index turn = 0; turn < 3 * columns; ++turn) {
    const Eigen::VectorXd slope = gradient(x);
    Eigen::Index steepest = -1;
    for (Eigen::Index i = 0; i < columns; ++i) {
      if (in(chosen, i) || slope[i] <= tolerance) continue;
      if (steepest < 0 || slope[i] > slope[steepest]) steepest = i;
    }
    if (steepest < 0) break;
    chosen[static_cast<std::size_t>(steepest)] = true;
    for (;;) {  // each turn takes a column out
      const Eigen::VectorXd wanted = solve(chosen);
      double step = 1;
      Eigen::Index first_at_zero = -1;
      for (Eigen::Index i = 0; i < columns; ++i) {
        if (!in(chosen, i) || in(unbounded, i) || wanted[i] > 0) continue;
        const double room = x[i] > 0 ? x[i] / (x[i] - wanted[i]) : 0;
        if (first_at_zero >= 0 && room >= step) continue;
        step = room;
        first_at_zero = i;
      }
      x += step * (wanted - x);
      if (first_at_zero < 0) break;
      x[first_at_zero] = 0;
      chosen[static_cast<std::size_t>(first_at_zero)] = false;
    }
  }
  return x;
}

}  // namespace aggregator
