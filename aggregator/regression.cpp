#include "aggregator/regression.h"

#include <cmath>

#include <Eigen/QR>

#include "aggregator/active_set.h"
#include "aggregator/student_t.h"

namespace aggregator {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Of columns of length 1: what is left of one when the others are taken out of it, and taken for rounding.
constexpr double kRankThreshold = 1e-10;

using Qr = Eigen::ColPivHouseholderQR<MatrixXd>;

VectorXd vector_of(std::span<const double> values) {
  return Eigen::Map<const VectorXd>(values.data(), static_cast<Index>(values.size()));
}

std::vector<double> values_of(const auto& matrix) {
  const MatrixXd dense = matrix;  // symmetric, or a vector: its order of rows and columns does not matter
  return {dense.data(), dense.data() + dense.size()};
}

class Fit {
 public:
  Fit(const NamedColumn& y, std::span<const NamedColumn> x, const RegressionSettings& settings)
      : settings_(settings),
        x_(static_cast<Index>(y.values.size()), static_cast<Index>(x.size()) + settings.intercept),
        y_(vector_of(y.values)) {
    for (const NamedColumn& column : x) {
      x_.col(static_cast<Index>(names_.size())) = vector_of(column.values);
      names_.push_back(column.name);
    }
    if (settings.intercept) {
      x_.rightCols(1).setOnes();
      names_.emplace_back(kInterceptName);
    }
    scale_ = x_.colwise().norm().transpose();
    for (double& length : scale_) length = length > 0 ? length : 1;
    scaled_ = x_ * scale_.cwiseInverse().asDiagonal();
  }

  Regression regression() const {
    Regression result;
    result.matrix = values_of(x_.transpose() * x_);
    result.vector = values_of(x_.transpose() * y_);
    result.dependent = dependent();
    if (!result.determined()) return result;
    ColumnSet used(names_.size(), !settings_.nonnegative);
    if (settings_.intercept) used.back() = true;
    const VectorXd solution = settings_.nonnegative ? nonnegative(used) : solve(used);
    const VectorXd calculated = scaled_ * solution;
    const VectorXd residuals = y_ - calculated;
    result.calculated = values_of(calculated);
    result.residuals = values_of(residuals);
    add_quality(residuals, used, result);
    add_coefficients(solution, used, result);
    return result;
  }

 private:
  static Qr decomposed(const MatrixXd& columns) {
    Qr qr(columns);
    qr.setThreshold(kRankThreshold);
    return qr;
  }

  std::vector<std::string> dependent() const {
    const Qr qr = decomposed(scaled_);
    std::vector<std::string> names;
    for (Index i = qr.rank(); i < scaled_.cols(); ++i) {
      names.push_back(names_[static_cast<std::size_t>(qr.colsPermutation().indices()[i])]);
    }
    return names;
  }

  VectorXd solve(const ColumnSet& used) const {
    const std::vector<Index> at = places_of(used);
    VectorXd solution = VectorXd::Zero(scaled_.cols());
    if (!at.empty()) solution(at) = decomposed(scaled_(Eigen::all, at)).solve(y_);
    return solution;
  }

  VectorXd nonnegative(ColumnSet& used) const {
    return nonnegative_solution(
        used, kRankThreshold * y_.norm(), [this](const ColumnSet& chosen) { return solve(chosen); },
        [this](const VectorXd& x) -> VectorXd { return scaled_.transpose() * (y_ - scaled_ * x); });
  }

  void add_quality(const VectorXd& residuals, const ColumnSet& used, Regression& result) const {
    const Index degrees = y_.size() - static_cast<Index>(places_of(used).size());
    const double unexplained = residuals.squaredNorm();
    const double about_mean = (y_.array() - y_.mean()).square().sum();
    if (degrees > 0) result.deviation = std::sqrt(unexplained / static_cast<double>(degrees));
    if (about_mean > 0) result.r2 = 1 - unexplained / about_mean;
    if (y_.squaredNorm() > 0) result.r2_about_zero = 1 - unexplained / y_.squaredNorm();
  }

  // Variances are the diagonal of deviation^2 (X'X)^-1 = deviation^2 P (R'R)^-1 P'.
  void add_coefficients(const VectorXd& solution, const ColumnSet& used, Regression& result) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const auto at = static_cast<Index>(i);
      result.coefficients.push_back({names_[i], solution[at] / scale_[at]});
    }
    const std::vector<Index> at = places_of(used);
    const auto count = static_cast<Index>(at.size());
    if (at.empty() || y_.size() <= count) return;
    const Qr qr = decomposed(scaled_(Eigen::all, at));
    const MatrixXd inverse = qr.matrixR()
                                 .topLeftCorner(count, count)
                                 .triangularView<Eigen::Upper>()
                                 .solve(MatrixXd::Identity(count, count));
    const VectorXd spread = qr.colsPermutation() * VectorXd(inverse.rowwise().norm());
    const double quantile = student_t_quantile(0.95, static_cast<std::size_t>(y_.size() - count));
    for (Index i = 0; i < count; ++i) {
      const Index place = at[static_cast<std::size_t>(i)];
      Coefficient& coefficient = result.coefficients[static_cast<std::size_t>(place)];
      coefficient.standard_error = result.deviation * spread[i] / scale_[place];
      coefficient.low = coefficient.value - quantile * coefficient.standard_error;
      coefficient.high = coefficient.value + quantile * coefficient.standard_error;
    }
  }

  RegressionSettings settings_;
  std::vector<std::string> names_;
  MatrixXd x_;
  VectorXd y_;
  VectorXd scale_;   // the columns' lengths
  MatrixXd scaled_;  // columns of length 1
};

}  // namespace

Regression regress(const NamedColumn& y, std::span<const NamedColumn> x, const RegressionSettings& settings) {
  return Fit(y, x, settings).regression();
}

Regression with_coefficients(const NamedColumn& y, std::span<const NamedColumn> x,
                             std::span<const double> coefficients) {
  Regression result = regress(y, x, {});
  result.dependent.clear();
  result.coefficients.clear();
  for (std::size_t i = 0; i < x.size(); ++i) result.coefficients.push_back({x[i].name, coefficients[i]});
  const std::size_t rows = y.values.size();
  result.calculated.assign(rows, 0);
  result.residuals.assign(rows, 0);
  double mean = 0;
  for (const double value : y.values) mean += value / static_cast<double>(rows);
  double left = 0;
  double about_mean = 0;
  double about_zero = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < x.size(); ++i) result.calculated[row] += coefficients[i] * x[i].values[row];
    result.residuals[row] = y.values[row] - result.calculated[row];
    left += result.residuals[row] * result.residuals[row];
    about_mean += (y.values[row] - mean) * (y.values[row] - mean);
    about_zero += y.values[row] * y.values[row];
  }
  result.deviation = rows > 0 ? std::sqrt(left / static_cast<double>(rows)) : kNotKnown;
  result.r2 = about_mean > 0 ? 1 - left / about_mean : kNotKnown;
  result.r2_about_zero = about_zero > 0 ? 1 - left / about_zero : kNotKnown;
  return result;
}

}  // namespace aggregator
