// The table of Musashi, Matsuba and Sugitani: 13 days of a mail server of Kumamoto University in 2002.
#include <array>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "aggregator/mail_model.h"
#include "aggregator/regression.h"
#include "tests/support/captures.h"

namespace tests {
namespace {

struct Day {
  long double smtp;
  long double pop3;
  long double queries;
};

std::vector<Day> kumamoto() {
  std::ifstream file(source_root() / "tests/fixtures/kumamoto_2002.csv");
  std::vector<Day> days;
  std::string date;
  std::getline(file, date);
  for (Day day{}; std::getline(file, date, ',');) {
    char comma = 0;
    file >> day.smtp >> comma >> day.pop3 >> comma >> day.queries >> std::ws;
    days.push_back(day);
  }
  return days;
}

aggregator::Regression regression_of(const std::vector<Day>& days) {
  aggregator::NamedColumn dq{"dq", {}};
  std::vector<aggregator::NamedColumn> x = {{"smtp", {}}, {"pop3", {}}};
  for (const Day& day : days) {
    dq.values.push_back(static_cast<double>(day.queries));
    x[0].values.push_back(static_cast<double>(day.smtp));
    x[1].values.push_back(static_cast<double>(day.pop3));
  }
  return aggregator::regress(dq, x, {});
}

// A x = d in two unknowns by Cramer's rule. Whole numbers below 2^64 are exact in a long double.
struct NormalEquations {
  long double ss = 0, sp = 0, pp = 0, sq = 0, pq = 0;

  long double determinant() const { return ss * pp - sp * sp; }
  std::array<long double, 2> solution() const {
    return {(sq * pp - sp * pq) / determinant(), (ss * pq - sp * sq) / determinant()};
  }
};

NormalEquations normal_equations(const std::vector<Day>& days) {
  NormalEquations sums;
  for (const auto& [smtp, pop3, queries] : days) {
    sums.ss += smtp * smtp;
    sums.sp += smtp * pop3;
    sums.pp += pop3 * pop3;
    sums.sq += smtp * queries;
    sums.pq += pop3 * queries;
  }
  return sums;
}

// To so many digits, as a paper prints it.
double rounded(double value, int digits) {
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) + 1 - digits);
  return std::round(value / unit) * unit;
}

TEST(Kumamoto, TheTableGivesThePapersMatrixAndVector) {
  const auto days = kumamoto();
  ASSERT_EQ(days.size(), 13U);
  const auto result = regression_of(days);
  const NormalEquations sums = normal_equations(days);
  EXPECT_EQ(result.matrix, (std::vector<double>{312'007'576, 908'353'012, 908'353'012, 2'652'040'578}));
  EXPECT_EQ(result.vector, (std::vector<double>{3'612'296'175, 10'524'285'430}));
  EXPECT_EQ(static_cast<double>(sums.ss), result.matrix[0]);
  EXPECT_EQ(static_cast<double>(sums.sp), result.matrix[1]);
  EXPECT_EQ(static_cast<double>(sums.pp), result.matrix[3]);
  EXPECT_EQ(static_cast<double>(sums.sq), result.vector[0]);
  EXPECT_EQ(static_cast<double>(sums.pq), result.vector[1]);
  EXPECT_DOUBLE_EQ(rounded(result.matrix[0], 4), 3.120e8);
  EXPECT_DOUBLE_EQ(rounded(result.matrix[1], 4), 9.084e8);
  EXPECT_DOUBLE_EQ(rounded(result.matrix[3], 4), 2.652e9);
  EXPECT_DOUBLE_EQ(rounded(result.vector[0], 4), 3.612e9);
  EXPECT_DOUBLE_EQ(rounded(result.vector[1], 4), 1.052e10);
}

TEST(Kumamoto, TheTableGivesThePapersSolution) {
  const auto days = kumamoto();
  const auto result = regression_of(days);
  const auto cramer = normal_equations(days).solution();
  ASSERT_EQ(result.coefficients.size(), 2U);
  EXPECT_NEAR(result.coefficients[0].value, static_cast<double>(cramer[0]), 1e-11);
  EXPECT_NEAR(result.coefficients[1].value, static_cast<double>(cramer[1]), 1e-11);
  EXPECT_NEAR(result.coefficients[0].value, 8.58565606, 1e-8);
  EXPECT_NEAR(result.coefficients[1].value, 1.02769125, 1e-8);
  EXPECT_DOUBLE_EQ(rounded(result.coefficients[0].value, 2), 8.6);
  EXPECT_DOUBLE_EQ(rounded(result.coefficients[1].value, 2), 1.0);
  long double unexplained = 0;
  for (const auto& [smtp, pop3, queries] : days) {
    const long double residual = queries - cramer[0] * smtp - cramer[1] * pop3;
    unexplained += residual * residual;
  }
  const auto variance = static_cast<double>(unexplained) / 11;
  EXPECT_NEAR(result.deviation, std::sqrt(variance), 1e-6);
  const NormalEquations sums = normal_equations(days);
  EXPECT_NEAR(result.coefficients[0].standard_error,
              std::sqrt(variance * static_cast<double>(sums.pp / sums.determinant())), 1e-8);
  EXPECT_NEAR(result.coefficients[1].standard_error,
              std::sqrt(variance * static_cast<double>(sums.ss / sums.determinant())), 1e-8);
  EXPECT_NEAR(result.r2, 0.98818, 1e-5);
}

// SMTP and POP3 sessions go up and down together. So the four digits that the paper prints of its matrix and
// its vector do not hold its solution: they give another one. It was solved with more digits.
TEST(Kumamoto, ThePrintedMatrixAndVectorGiveAnotherSolution) {
  const NormalEquations printed = {3.120e8L, 9.084e8L, 2.652e9L, 3.612e9L, 1.052e10L};
  EXPECT_NEAR(static_cast<double>(printed.solution()[0]), 10.1, 0.05);
  EXPECT_NEAR(static_cast<double>(printed.solution()[1]), 0.49, 0.005);
}

TEST(Kumamoto, GivesThePapersDestinationsOfAMail) {
  const double m_s = rounded(regression_of(kumamoto()).coefficients[0].value, 2);
  EXPECT_NEAR(aggregator::destinations_per_mail(m_s, 0.50, 4).value(), 3.3, 1e-9);
  EXPECT_NEAR(aggregator::destinations_per_mail(m_s, 0.75, 4).value(), 6.6, 1e-9);
}

}  // namespace
}  // namespace tests
