#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "aggregator/regression.h"
#include "aggregator/student_t.h"

namespace tests {
namespace {

using aggregator::NamedColumn;
using aggregator::regress;
using aggregator::Regression;

void expect_digits(double value, double certified, double relative) {
  EXPECT_NEAR(value, certified, std::abs(certified) * relative);
}

// Abramowitz and Stegun, table 26.10.
TEST(StudentT, HasTheTablesQuantiles) {
  EXPECT_NEAR(aggregator::student_t_quantile(0.95, 1), 12.706, 5e-4);
  EXPECT_NEAR(aggregator::student_t_quantile(0.95, 2), 4.303, 5e-4);
  EXPECT_NEAR(aggregator::student_t_quantile(0.95, 3), 3.182, 5e-4);
  EXPECT_NEAR(aggregator::student_t_quantile(0.95, 11), 2.201, 5e-4);
  EXPECT_NEAR(aggregator::student_t_quantile(0.95, 120), 1.980, 5e-4);
  EXPECT_NEAR(aggregator::student_t_quantile(0.95, 1'000'000'000), 1.960, 5e-4);
  EXPECT_NEAR(aggregator::student_t_quantile(0.99, 30), 2.750, 5e-4);
}

// NIST Statistical Reference Datasets, "NoInt1".
TEST(Regression, HasTheCertifiedFiguresOfALineThroughTheOrigin) {
  NamedColumn y{"y", {}};
  NamedColumn x{"x", {}};
  for (int i = 0; i <= 10; ++i) {
    x.values.push_back(60 + i);
    y.values.push_back(130 + i);
  }
  const Regression result = regress(y, {&x, 1}, {});
  ASSERT_EQ(result.coefficients.size(), 1U);
  expect_digits(result.coefficients[0].value, 2.07438016528926, 1e-13);
  expect_digits(result.coefficients[0].standard_error, 0.0165289256198347, 1e-12);
  expect_digits(result.deviation, 3.56753034006338, 1e-12);
  expect_digits(result.r2_about_zero, 0.999365492298663, 1e-13);
  EXPECT_LT(result.r2, 0);  // the mean alone would do better
}

// NIST Statistical Reference Datasets, "Longley": columns that nearly depend on each other.
TEST(Regression, HasTheCertifiedFiguresOfIllConditionedColumns) {
  const NamedColumn y = {"y",
                         {60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513,
                          68655, 69564, 69331, 70551}};
  std::vector<NamedColumn> x = {
      {"deflator",
       {83, 88.5, 88.2, 89.5, 96.2, 98.1, 99, 100, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9}},
      {"gnp",
       {234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546,
        482704, 502601, 518173, 554894}},
      {"unemployed",
       {2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007}},
      {"forces",
       {1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827}},
      {"population",
       {107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950,
        123366, 125368, 127852, 130081}},
      {"year", {}}};
  for (int year = 1947; year <= 1962; ++year) x.back().values.push_back(year);
  const Regression result = regress(y, x, {.intercept = true, .nonnegative = false});
  const std::vector<std::pair<double, double>> certified = {
      {15.0618722713733, 84.9149257747669},     {-0.0358191792925910, 0.0334910077722432},
      {-2.02022980381683, 0.488399681651699},   {-1.03322686717359, 0.214274163161675},
      {-0.0511041056535807, 0.226073200069370}, {1829.15146461355, 455.478499142212},
      {-3482258.63459582, 890420.383607373}};
  ASSERT_EQ(result.coefficients.size(), certified.size());
  for (std::size_t i = 0; i < certified.size(); ++i) {
    expect_digits(result.coefficients[i].value, certified[i].first, 1e-8);
    expect_digits(result.coefficients[i].standard_error, certified[i].second, 1e-8);
  }
  EXPECT_EQ(result.coefficients.back().name, "intercept");
  expect_digits(result.deviation, 304.854073561965, 1e-9);
  expect_digits(result.r2, 0.995479004577296, 1e-11);
  // t of 9 degrees is 2.262
  EXPECT_NEAR(result.coefficients[5].high, 1829.1515 + 2.26216 * 455.4785, 0.01);
  EXPECT_NEAR(result.coefficients[5].low, 1829.1515 - 2.26216 * 455.4785, 0.01);
}

TEST(Regression, NamesColumnsThatSayNothingNew) {
  const NamedColumn y = {"y", {1, 2, 4, 8}};
  const std::vector<NamedColumn> sum = {
      {"smtp", {1, 2, 3, 5}}, {"pop3", {100, 300, 200, 700}}, {"both", {101, 302, 203, 705}}};
  const Regression result = regress(y, sum, {});
  EXPECT_EQ(result.dependent.size(), 1U);
  EXPECT_TRUE(result.coefficients.empty());
  EXPECT_EQ(result.matrix.size(), 9U);

  const std::vector<NamedColumn> nothing = {{"smtp", {1, 2, 3, 5}}, {"pop3", {0, 0, 0, 0}}};
  EXPECT_EQ(regress(y, nothing, {}).dependent, std::vector<std::string>{"pop3"});
  const NamedColumn constant = {"smtp", {3, 3, 3, 3}};
  EXPECT_EQ(regress(y, {&constant, 1}, {.intercept = true, .nonnegative = false}).dependent.size(), 1U);
  EXPECT_TRUE(regress(y, {&constant, 1}, {}).determined());
  const std::vector<NamedColumn> few = {{"smtp", {1}}, {"pop3", {2}}};
  EXPECT_FALSE(regress({"y", {1}}, few, {}).determined());
}

TEST(Regression, KnowsNoErrorsOfAFitThroughEveryRow) {
  const std::vector<NamedColumn> x = {{"smtp", {1, 2}}, {"pop3", {2, 1}}};
  const Regression result = regress({"y", {8, 7}}, x, {});
  EXPECT_NEAR(result.coefficients[0].value, 2, 1e-12);
  EXPECT_NEAR(result.coefficients[1].value, 3, 1e-12);
  EXPECT_TRUE(std::isnan(result.coefficients[0].standard_error));
  EXPECT_TRUE(std::isnan(result.deviation));
}

struct Problem {
  NamedColumn y;
  std::vector<NamedColumn> x;
};

Problem random_problem(std::mt19937_64& random, std::size_t columns, std::size_t rows) {
  std::normal_distribution<double> normal;
  Problem problem{{"y", std::vector<double>(rows)}, {}};
  for (std::size_t c = 0; c < columns; ++c) {
    NamedColumn column{std::string(1, static_cast<char>('a' + c)), {}};
    const double size = std::pow(10, 3 * normal(random));
    const double slope = normal(random) / size;
    for (std::size_t r = 0; r < rows; ++r) {
      column.values.push_back(size * (1 + normal(random)));
      problem.y.values[r] += slope * column.values[r];
    }
    problem.x.push_back(std::move(column));
  }
  for (double& value : problem.y.values) value += 0.5 * normal(random);
  return problem;
}

double unexplained(const Regression& result) {
  double sum = 0;
  for (const double residual : result.residuals) sum += residual * residual;
  return sum;
}

// The best of all subsets whose plain solution is nowhere negative.
double best_by_trying_all(const Problem& problem) {
  double best = 0;
  for (const double value : problem.y.values) best += value * value;
  for (unsigned subset = 1; subset < 1U << problem.x.size(); ++subset) {
    std::vector<NamedColumn> x;
    for (std::size_t c = 0; c < problem.x.size(); ++c) {
      if (subset >> c & 1U) x.push_back(problem.x[c]);
    }
    const Regression result = regress(problem.y, x, {});
    bool negative = false;
    for (const auto& coefficient : result.coefficients) negative |= coefficient.value < 0;
    if (!negative) best = std::min(best, unexplained(result));
  }
  return best;
}

TEST(Regression, NonNegativeIsTheBestOfAllSubsets) {
  std::mt19937_64 random(5);
  int held = 0;
  for (int round = 0; round < 300; ++round) {
    const Problem problem = random_problem(random, 2 + static_cast<std::size_t>(round) % 4, 12);
    const Regression result = regress(problem.y, problem.x, {.intercept = false, .nonnegative = true});
    for (const auto& coefficient : result.coefficients) {
      EXPECT_GE(coefficient.value, 0);
      EXPECT_EQ(coefficient.value == 0, std::isnan(coefficient.standard_error));
      held += coefficient.value == 0;
    }
    const double best = best_by_trying_all(problem);
    EXPECT_NEAR(unexplained(result), best, 1e-9 * best) << round;
  }
  EXPECT_GT(held, 200);
}

// y = b + c - 0.1 a, and a, which is much like b + c, is the best single column.
TEST(Regression, NonNegativeLetsGoOfTheColumnThatItTookFirst) {
  const std::vector<NamedColumn> x = {{"a", {1, 1, 0.3, 0.3}}, {"b", {1, 0, 0, 0}}, {"c", {0, 1, 0, 0}}};
  const Regression result =
      regress({"y", {0.9, 0.9, -0.03, -0.03}}, x, {.intercept = false, .nonnegative = true});
  EXPECT_EQ(result.coefficients[0].value, 0);
  EXPECT_NEAR(result.coefficients[1].value, 0.9, 1e-12);
  EXPECT_NEAR(result.coefficients[2].value, 0.9, 1e-12);
}

TEST(Regression, NonNegativeLetsTheInterceptBeNegative) {
  const std::vector<NamedColumn> x = {{"smtp", {10, 20, 30, 41}}, {"noise", {4, 3, 2, 1}}};
  const Regression result = regress({"y", {15, 35, 55, 77}}, x, {.intercept = true, .nonnegative = true});
  EXPECT_NEAR(result.coefficients[0].value, 2, 1e-9);
  EXPECT_NEAR(result.coefficients[1].value, 0, 1e-9);
  EXPECT_NEAR(result.coefficients[2].value, -5, 1e-9);
}

}  // namespace
}  // namespace tests
