// What is no attack: days compressed into minutes, and much else that rises and falls.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/support/made_up_steps.h"
#include "tests/support/sanitized.h"

namespace tests {
namespace {

// A site at `level` times its quietest hour.
void site(MadeUpStep& step, double level, double mails = 2) {
  for (std::uint32_t client = 100; client < 120; ++client) {
    step.browse(host(client), 0.4 * level);
    step.ask(host(client), Field::kQueriesA, step.poisson(0.05 * level), Field::kNxdomain);
    step.ask(host(client), Field::kQueriesPtr, step.poisson(0.05 * level));
  }
  step.mail_comes(mails * level, 100);
  for (std::uint64_t i = step.poisson(0.1 * level); i > 0; --i) step.names_fail("typo.example", 3);
}

double day(std::int64_t step, double swing) {
  constexpr double kDay = 300;
  const double hour = 2 * std::numbers::pi * static_cast<double>(step) / kDay;
  return 1 + (swing - 1) * (1 - std::cos(hour)) / 2;
}

// A thousand such days have one false alarm or two: so often chance does what is this unlikely.
std::string alarms_of_days(void (*happens)(MadeUpStep&, std::int64_t)) {
  constexpr std::uint64_t kDays = 200;
  std::string alarms;
  for (std::uint64_t seed = 0; seed < kDays; ++seed) {
    MadeUpNetwork network(seed);
    network.run(300, happens);
    if (!network.findings().empty()) alarms += std::to_string(seed) + ": " + network.summary() + "\n";
  }
  return alarms;
}

TEST(Day, OfTwiceAsMuchAtNoonRaisesNoAlarm) {
  TAPLINE_NOT_WHEN_SANITIZED();
  const std::string alarms =
      alarms_of_days([](MadeUpStep& step, std::int64_t number) { site(step, day(number, 2)); });
  EXPECT_LE(std::ranges::count(alarms, '\n'), 1) << alarms;
}

TEST(Day, OfALittleMailRaisesNoAlarm) {
  TAPLINE_NOT_WHEN_SANITIZED();
  const std::string alarms = alarms_of_days([](MadeUpStep& step, std::int64_t number) {
    const double level = day(number, 2);
    step.mail_comes(0.3 * level, 50);
    for (std::uint64_t i = step.poisson(0.05 * level); i > 0; --i) step.names_fail("typo.example", 4);
  });
  EXPECT_LE(std::ranges::count(alarms, '\n'), 1) << alarms;
}

// What comes in bunches of ten: a list sends, a program starts.
TEST(Day, OfBunchesRaisesNoAlarm) {
  TAPLINE_NOT_WHEN_SANITIZED();
  const std::string alarms = alarms_of_days([](MadeUpStep& step, std::int64_t number) {
    site(step, day(number, 1.5));
    for (std::uint64_t i = step.poisson(1); i > 0; --i) {
      step.ask(host(130), Field::kQueriesA, 10);
      step.ask(host(131), Field::kQueriesPtr, 10);
      step.ask(host(132), Field::kQueriesA, 10, Field::kNxdomain);
    }
  });
  EXPECT_LE(std::ranges::count(alarms, '\n'), 1) << alarms;
}

TEST(Day, AtNoonAnAttackIsFoundAllTheSame) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(180, [](MadeUpStep& step, std::int64_t number) {
      site(step, day(number, 2));
      if (number >= 150) step.bounces(10, 500);
    });
    EXPECT_EQ(network.summary(), "backscatter 10.0.0.25");
  }
}

}  // namespace
}  // namespace tests
