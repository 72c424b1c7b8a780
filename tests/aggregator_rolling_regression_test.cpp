#include <cmath>
#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "aggregator/rolling_regression.h"

namespace tests {
namespace {

using aggregator::NamedColumn;
using aggregator::RegressionSettings;
using aggregator::RollingRegression;

struct Row {
  std::vector<double> x;
  double y;
};

Row mail_row(std::mt19937_64& random) {
  std::poisson_distribution<int> smtp(40);
  std::poisson_distribution<int> pop(120);
  const double s = smtp(random);
  const double p = pop(random);
  std::poisson_distribution<int> queries(8.6 * s + 1.0 * p);
  return {{s, p}, static_cast<double>(queries(random))};
}

// The other way to the same figures.
aggregator::Regression regression_of(const std::deque<Row>& rows, const RegressionSettings& settings) {
  NamedColumn y{"y", {}};
  std::vector<NamedColumn> x(rows.front().x.size(), NamedColumn{"x", {}});
  for (const Row& row : rows) {
    y.values.push_back(row.y);
    for (std::size_t i = 0; i < x.size(); ++i) x[i].values.push_back(row.x[i]);
  }
  return aggregator::regress(y, x, settings);
}

TEST(RollingRegression, IsTheRegressionOfItsWindow) {
  for (const RegressionSettings settings :
       {RegressionSettings{false, false}, RegressionSettings{true, false}, RegressionSettings{false, true},
        RegressionSettings{true, true}}) {
    std::mt19937_64 random(7);
    RollingRegression rolling(2, 50, settings);
    std::deque<Row> window;
    for (int step = 0; step < 500; ++step) {
      window.push_back(mail_row(random));
      if (window.size() > 50) window.pop_front();
      rolling.add(window.back().x, window.back().y);
      const auto fit = rolling.fit();
      ASSERT_EQ(fit.has_value(), window.size() > 2U + settings.intercept) << step;
      if (!fit) continue;
      const auto reference = regression_of(window, settings);
      EXPECT_EQ(fit->rows, window.size());
      EXPECT_NEAR(fit->deviation, reference.deviation, 1e-6 * reference.deviation);
      for (std::size_t i = 0; i < reference.coefficients.size(); ++i) {
        EXPECT_NEAR(fit->coefficients[i], reference.coefficients[i].value, 1e-6) << step;
      }
    }
  }
}

// Nine of ten of the observations lie within 1.645 deviations of a prediction from the steps before.
TEST(RollingRegression, PredictsWithTheRightSpread) {
  std::mt19937_64 random(8);
  RollingRegression rolling(2, 20, {});
  int inside = 0;
  int seen = 0;
  for (int step = 0; step < 4'000; ++step) {
    const Row row = mail_row(random);
    if (const auto fit = rolling.fit(); fit && fit->rows == 20) {
      const auto expected = fit->predict(row.x);
      inside += std::abs(row.y - expected.value) < 1.734 * expected.deviation;  // t of 18 degrees, 90 %
      ++seen;
    }
    rolling.add(row.x, row.y);
  }
  EXPECT_NEAR(static_cast<double>(inside) / seen, 0.90, 0.02);
}

// A flood leaves rounding behind when it leaves the window, which is gone a window later.
TEST(RollingRegression, ForgetsTheRoundingOfWhatItForgets) {
  std::mt19937_64 random(9);
  RollingRegression rolling(2, 10, {});
  std::deque<Row> window;
  for (int step = 0; step < 25; ++step) rolling.add(std::vector{1e9 + 0.1 * step, 3e10 / 7 * step}, 1e11 / 3);
  for (int step = 0; step < 20; ++step) {
    window.push_back(mail_row(random));
    if (window.size() > 10) window.pop_front();
    rolling.add(window.back().x, window.back().y);
  }
  const auto fit = rolling.fit();
  ASSERT_TRUE(fit);
  const auto reference = regression_of(window, {});
  EXPECT_NEAR(fit->coefficients[0], reference.coefficients[0].value, 1e-8);
  EXPECT_NEAR(fit->coefficients[1], reference.coefficients[1].value, 1e-8);
}

TEST(RollingRegression, SaysNothingWhereColumnsDependOnEachOther) {
  RollingRegression rolling(2, 10, {});
  for (int step = 1; step <= 10; ++step) rolling.add(std::vector{1.0 * step, 3.0 * step}, 5.0 * step);
  EXPECT_FALSE(rolling.fit());
  RollingRegression idle(2, 10, {});
  for (int step = 1; step <= 10; ++step) idle.add(std::vector{1.0 * step, 0.0}, 5.0 * step);
  EXPECT_FALSE(idle.fit());
}

// A column that was 0 so far: what it costs is open, and a step with it is predicted so loosely.
TEST(RollingRegression, WithAPriorLeavesOpenWhatWasNeverSeen) {
  std::mt19937_64 random(10);
  RollingRegression rolling(3, 100, {.intercept = true, .nonnegative = false}, 6.0);
  for (int step = 0; step < 100; ++step) {
    const Row row = mail_row(random);
    rolling.add(std::vector{row.x[0], row.x[1], 0.0}, row.y);
  }
  const auto fit = rolling.fit();
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->coefficients[0], 8.6, 1.5);
  EXPECT_NEAR(fit->coefficients[1], 1.0, 1.0);
  EXPECT_EQ(fit->coefficients[2], 0);
  const auto usual = fit->predict(std::vector{40.0, 120.0, 0.0});
  EXPECT_NEAR(usual.value, 464, 15);
  EXPECT_NEAR(usual.deviation, std::sqrt(464.0), 6);
  EXPECT_NEAR(fit->predict(std::vector{40.0, 120.0, 100.0}).deviation, 600, 10);
  const auto ten_steps = fit->predict(std::vector{400.0, 1200.0, 0.0}, 10);
  EXPECT_NEAR(ten_steps.value, 10 * usual.value, 1e-6);
  EXPECT_GT(ten_steps.deviation, 3 * usual.deviation);
}

}  // namespace
}  // namespace tests
