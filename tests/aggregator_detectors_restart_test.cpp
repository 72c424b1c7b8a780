// A sensor that was restarted goes on from what it had learned.
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/made_up_mail.h"
#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::DetectorSettings;

constexpr std::int64_t kQuiet = 60;
constexpr std::int64_t kWindow = 10;  // steps; less than are learned

void ordinary(MadeUpStep& step, std::int64_t) {
  ordinary_mail_day(step);
  step.names_fail("typo.example", step.poisson(40));
  step.browse(host(7), 3);
}

// In how many of 20 networks `happens` is found in the first three steps, `quiet` steps after a restart.
template <class Happens>
int found_after_restart(std::string_view detector, Happens happens, std::int64_t quiet = kWindow) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(kQuiet, ordinary);
    network.restart();
    network.run(quiet, ordinary);
    EXPECT_EQ(network.summary(), "") << detector << " " << seed;
    network.run(3, [&](MadeUpStep& step, std::int64_t number) {
      ordinary(step, number);
      happens(step);
    });
    found += !network.of(detector).empty();
  }
  return found;
}

TEST(Restart, AttacksAreFoundThoughLittleTimeHasPassed) {
  EXPECT_GE(found_after_restart("backscatter", [](MadeUpStep& step) { step.bounces(40, 500); }), 19);
  EXPECT_GE(found_after_restart("query_flood",
                                [](MadeUpStep& step) {
                                  for (std::uint32_t i = 0; i < 500; ++i)
                                    step.asked_from(host(4'000'000 + i), Field::kQueriesA, 2);
                                }),
            19);
  EXPECT_GE(found_after_restart("smtp_flood", [](MadeUpStep& step) { step.mail_comes(200, 3, 0); }), 19);
  EXPECT_GE(found_after_restart("mass_mailer",
                                [](MadeUpStep& step) {
                                  step.ask(host(7), Field::kQueriesMx, 20);
                                  step.connect(host(7), 25,
                                               5'000'000 + static_cast<std::uint32_t>(step.below(100'000)),
                                               20, Field::kResolved, true);
                                }),
            19);
}

TEST(Restart, WhatIsUsualIsStillUsual) {
  int alarms = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    MadeUpNetwork network(seed);
    for (int run = 0; run < 6; ++run) {
      network.run(30, ordinary);
      network.restart();
      network.pass_over(run * 700);
    }
    network.run(30, ordinary);
    alarms += !network.findings().empty();
  }
  EXPECT_LE(alarms, 1);
}

// What was told to clients before the restart is not known.
TEST(Restart, ConnectionsWithoutResolutionAreJudgedWhenAnswersWereSeenForAsLongAsIsLearned) {
  const auto scan = [](MadeUpStep& step) {
    step.connect(host(7), 445, 6'000'000 + static_cast<std::uint32_t>(step.below(1'000'000)), 20,
                 Field::kWithoutResolution, false);
  };
  EXPECT_EQ(found_after_restart("connections_without_resolution", scan, kWindow), 0);
  EXPECT_EQ(found_after_restart("connections_without_resolution", scan, 2 * kWindow), 20);
}

TEST(Restart, TheRegressionGoesOn) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(120, ordinary);
    network.restart();
    network.run(kWindow + 2, ordinary);
    network.run(kWindow, [&](MadeUpStep& step, std::int64_t number) {
      ordinary(step, number);
      step.ask(kMailServer, Field::kQueriesA, 400);
    });
    found += !network.of("mail_regression").empty();
  }
  EXPECT_GE(found, 19);
}

// The attack would be found if the baselines held.
TEST(Restart, BaselinesOfOtherSettingsOrAnotherTimeDoNotHold) {
  const auto finds = [](std::int64_t missing, std::int64_t window_ns) {
    MadeUpNetwork network(3);
    network.run(kQuiet, ordinary);
    DetectorSettings settings = quick_settings();
    settings.window_ns = window_ns;
    network.restart(settings);
    network.pass_over(missing);
    network.run(kWindow, ordinary);
    network.run(3, [&](MadeUpStep& step, std::int64_t number) {
      ordinary(step, number);
      step.bounces(40, 500);
    });
    return !network.of("backscatter").empty();
  };
  EXPECT_TRUE(finds(0, 10 * kSecond));
  EXPECT_TRUE(finds(-1, 10 * kSecond)) << "within the step in which the first run ended";
  EXPECT_TRUE(finds(6 * 86'400, 10 * kSecond));
  EXPECT_FALSE(finds(8 * 86'400, 10 * kSecond)) << "too long ago";
  EXPECT_FALSE(finds(-2, 10 * kSecond)) << "a step too early";
  EXPECT_FALSE(finds(-30, 10 * kSecond)) << "time went back";
  EXPECT_FALSE(finds(0, 12 * kSecond));
}

TEST(Restart, StepsThatCannotHaveBeenChangeNothing) {
  MadeUpNetwork network(1);
  network.run(kQuiet, ordinary);
  for (const std::int64_t steps : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{2'000'000'000},
                                   std::numeric_limits<std::int64_t>::max()}) {
    for (const std::int64_t end_ns : {network.begin_ns(60), std::numeric_limits<std::int64_t>::min(),
                                      std::numeric_limits<std::int64_t>::max()}) {
      aggregator::Baselines learned = network.detectors().baselines();
      learned.steps = steps;
      learned.end_ns = end_ns;
      aggregator::Detectors detectors(quick_settings());
      detectors.resume(learned);
      std::mt19937_64 random(1);
      detectors.observe(MadeUpStep(random, network.begin_ns(61)).take());
      EXPECT_TRUE(detectors.learning()) << steps << " " << end_ns;
    }
  }
}

// As a file that was tampered with might have them.
TEST(Restart, NumbersThatAreNobodysChangeNothing) {
  MadeUpNetwork network(1);
  network.run(kQuiet, ordinary);
  aggregator::Baselines learned = network.detectors().baselines();
  for (auto& [name, by_host] : learned.numbers) {
    by_host[host(99)] = {1, 2, 3};
    for (auto& [subject, numbers] : by_host) numbers.push_back(1e9);
  }
  learned.numbers["nothing known"][host(25)] = {1};
  aggregator::Detectors detectors(quick_settings());
  detectors.resume(learned);
  std::mt19937_64 random(1);
  detectors.observe(MadeUpStep(random, network.begin_ns(1'000)).take());
  EXPECT_FALSE(detectors.learning());
  EXPECT_TRUE(detectors.findings().empty());
}

}  // namespace
}  // namespace tests
