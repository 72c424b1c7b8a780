#include "aggregator/rolling_regression.h"

#include <algorithm>
#include <cmath>

#include <Eigen/QR>

#include "aggregator/active_set.h"

namespace aggregator {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Of the normal matrix of columns of length 1: the square of what `regress` takes for rounding would be
// below the rounding of the sums.
constexpr double kRankThreshold = 1e-12;

constexpr double kWeakPrior = 1e-9;  // of the squares of columns of length 1

// X'X and X'y of columns scaled to length 1.
struct NormalEquations {
  MatrixXd matrix;
  VectorXd vector;

  Eigen::ColPivHouseholderQR<MatrixXd> decomposed(const std::vector<Index>& at) const {
    Eigen::ColPivHouseholderQR<MatrixXd> qr(matrix(at, at));
    qr.setThreshold(kRankThreshold);
    return qr;
  }

  VectorXd solve(const ColumnSet& used) const {
    const std::vector<Index> at = places_of(used);
    VectorXd solution = VectorXd::Zero(vector.size());
    if (!at.empty()) solution(at) = decomposed(at).solve(VectorXd(vector(at)));
    return solution;
  }

  MatrixXd inverse(const ColumnSet& used) const {
    const std::vector<Index> at = places_of(used);
    MatrixXd inverse = MatrixXd::Zero(vector.size(), vector.size());
    if (!at.empty()) inverse(at, at) = decomposed(at).inverse();
    return inverse;
  }
};

// What these rows come to, by `equations`: those that were seen, or with a prior. `unit` scales them back.
struct WindowFit {
  const NormalEquations& seen;
  const VectorXd& unit;
  double y_squared;
  std::size_t rows;
  RegressionSettings settings;

  // None if columns depend on each other.
  std::optional<RollingFit> by(const NormalEquations& equations) const {
    const Index count = unit.size();
    ColumnSet used(static_cast<std::size_t>(count), true);
    if (equations.decomposed(places_of(used)).rank() < count) return std::nullopt;
    VectorXd solution;
    if (settings.nonnegative) {
      used.assign(used.size(), false);
      if (settings.intercept) used.back() = true;
      solution = nonnegative_solution(
          used, 1e-9 * std::sqrt(y_squared), [&](const ColumnSet& chosen) { return equations.solve(chosen); },
          [&](const VectorXd& x) -> VectorXd { return equations.vector - equations.matrix * x; });
    } else {
      solution = equations.solve(used);
    }
    const double unexplained =
        y_squared - 2 * solution.dot(seen.vector) + solution.dot(seen.matrix * solution);
    const double degrees = static_cast<double>(rows) - static_cast<double>(std::ranges::count(used, true));
    const VectorXd coefficients = unit.asDiagonal() * solution;
    const MatrixXd inverse = unit.asDiagonal() * equations.inverse(used) * unit.asDiagonal();

    RollingFit fit;
    fit.coefficients.assign(coefficients.data(), coefficients.data() + count);
    fit.inverse.assign(inverse.data(), inverse.data() + inverse.size());
    fit.deviation = std::sqrt(std::max(0.0, unexplained) / degrees);
    fit.rows = rows;
    return fit;
  }
};

}  // namespace

RollingFit::Prediction RollingFit::predict(std::span<const double> x, double steps) const {
  const auto count = static_cast<Index>(coefficients.size());
  VectorXd row = VectorXd::Constant(count, steps);
  std::ranges::copy(x, row.data());
  const Eigen::Map<const VectorXd> solution(coefficients.data(), count);
  const Eigen::Map<const MatrixXd> spread(inverse.data(), count, count);
  return {row.dot(solution), deviation * std::sqrt(steps + std::max(0.0, row.dot(spread * row)))};
}

RollingRegression::RollingRegression(std::size_t columns, std::size_t window_steps,
                                     const RegressionSettings& settings,
                                     std::optional<double> prior_deviation)
    : settings_(settings),
      prior_deviation_(prior_deviation),
      window_(window_steps),
      width_(columns + settings.intercept + 1),
      rows_(window_ * width_),
      sums_(width_ * width_) {}

void RollingRegression::add(std::span<const double> x, double y) {
  if (used_ == window_) weigh(row(next_), -1);
  double* values = &rows_[next_ * width_];
  std::ranges::copy(x, values);
  if (settings_.intercept) values[width_ - 2] = 1;
  values[width_ - 1] = y;
  weigh(row(next_), 1);
  used_ = std::min(used_ + 1, window_);
  next_ = (next_ + 1) % window_;
  if (next_ == 0) sum_afresh();
}

std::vector<double> RollingRegression::learned() const {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < used_; ++i) {
    const std::span<const double> kept = row((next_ + window_ - used_ + i) % window_);
    const auto columns = static_cast<std::ptrdiff_t>(width_ - 1 - settings_.intercept);
    numbers.insert(numbers.end(), kept.begin(), kept.begin() + columns);
    numbers.push_back(kept.back());
  }
  return numbers;
}

void RollingRegression::resume(std::span<const double> rows) {
  const std::size_t columns = width_ - 1 - settings_.intercept;
  if (rows.size() % (columns + 1) != 0) return;
  for (; !rows.empty(); rows = rows.subspan(columns + 1)) add(rows.first(columns), rows[columns]);
}

void RollingRegression::weigh(std::span<const double> row, double weight) noexcept {
  for (std::size_t i = 0; i < width_; ++i) {
    for (std::size_t j = 0; j < width_; ++j) sums_[i * width_ + j] += weight * row[i] * row[j];
  }
}

void RollingRegression::sum_afresh() noexcept {
  std::ranges::fill(sums_, 0);
  for (std::size_t at = 0; at < used_; ++at) weigh(row(at), 1);
}

std::optional<RollingFit> RollingRegression::fit() const {
  const auto width = static_cast<Index>(width_);
  const Eigen::Map<const MatrixXd> sums(sums_.data(), width, width);
  const Index count = width - 1;
  if (used_ <= static_cast<std::size_t>(count)) return std::nullopt;
  VectorXd unit = sums.diagonal().head(count).cwiseSqrt();
  for (double& length : unit) length = length > 0 ? 1 / length : 1;
  const NormalEquations seen = {unit.asDiagonal() * sums.topLeftCorner(count, count) * unit.asDiagonal(),
                                unit.asDiagonal() * sums.col(count).head(count)};
  const WindowFit fit = {seen, unit, sums(count, count), used_, settings_};
  if (!prior_deviation_) return fit.by(seen);

  // How much the prior weighs depends on the residuals' deviation, which a very weak one finds.
  NormalEquations with_prior = seen;
  with_prior.matrix.diagonal().array() += kWeakPrior;
  const auto first = fit.by(with_prior);
  const Index columns = count - settings_.intercept;
  const double weight = std::pow(first->deviation / *prior_deviation_, 2);
  with_prior.matrix.diagonal().head(columns) += weight * unit.head(columns).cwiseAbs2();
  return fit.by(with_prior);
}

}  // namespace aggregator
