// The life of a finding, and the bounds of what is remembered.
#include <cmath>

#include <gtest/gtest.h>

#include "aggregator/detectors/count_chance.h"
#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::Finding;
using aggregator::FindingState;

void scan(MadeUpStep& step, std::uint32_t client = 7) {
  step.connect(host(client), 445, 6'000'000 + static_cast<std::uint32_t>(step.below(1'000'000)), 20,
               Field::kWithoutResolution, false);
}
void quiet(MadeUpStep& step, std::int64_t) {
  step.browse(host(7), 1);
}
void attack(MadeUpStep& step, std::int64_t number) {
  quiet(step, number);
  step.mail_comes(100, 1'000, 0);
}

// Whoever looks seldom, or at a capture that runs by fast.
TEST(Finding, OneThatOpenedAndClosedBetweenTwoLooksIsToldAsBoth) {
  for (const int quiet_after : {10, 150}) {  // closed lately; so long ago that it cannot go on
    MadeUpNetwork network(1);
    network.run(30, quiet);
    network.run(13, attack);
    network.run(quiet_after, quiet);
    const auto changes = network.detectors().take_changes();
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].state, FindingState::kOpened);
    EXPECT_EQ(changes[0].finding.until_ns, std::nullopt);
    EXPECT_EQ(changes[1].state, FindingState::kClosed);
    EXPECT_EQ(changes[1].finding.until_ns, network.begin_ns(43));
    EXPECT_EQ(changes[0].finding.id, changes[1].finding.id);
    EXPECT_TRUE(network.detectors().take_changes().empty());
  }
}

TEST(Finding, OpensOnceIsUpdatedAndClosesWithItsDuration) {
  MadeUpNetwork network(1);
  network.run(30, quiet);
  EXPECT_TRUE(network.detectors().take_changes().empty());
  network.run(3, attack);
  auto changes = network.detectors().take_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].state, FindingState::kOpened);
  EXPECT_EQ(changes[0].finding.id, 1U);
  network.run(10, attack);
  changes = network.detectors().take_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].state, FindingState::kUpdated);
  EXPECT_TRUE(network.detectors().take_changes().empty());
  network.run(9, quiet);
  EXPECT_TRUE(network.detectors().take_changes().empty());
  EXPECT_FALSE(network.findings().at(0).until_ns.has_value());
  network.run(1, quiet);
  changes = network.detectors().take_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].state, FindingState::kClosed);
  EXPECT_EQ(changes[0].finding.since_ns, network.begin_ns(30));
  EXPECT_EQ(changes[0].finding.until_ns, network.begin_ns(43));
  network.run(100, quiet);
  EXPECT_EQ(network.findings().size(), 1U);
  EXPECT_EQ(network.findings().at(0).until_ns, network.begin_ns(43));
}

TEST(Finding, DoesNotFlap) {
  MadeUpNetwork network(1);
  network.run(30, quiet);
  for (int pulse = 0; pulse < 10; ++pulse) {
    network.run(2, attack);
    network.run(5, quiet);
  }
  ASSERT_EQ(network.findings().size(), 1U);
  EXPECT_FALSE(network.findings()[0].until_ns.has_value());
  EXPECT_EQ(network.findings()[0].since_ns, network.begin_ns(30));
}

TEST(Finding, GoesOnIfItComesBackSoonAndIsAnotherOneLater) {
  MadeUpNetwork network(1);
  network.run(30, quiet);
  network.run(5, attack);
  network.run(20, quiet);
  EXPECT_TRUE(network.findings().at(0).until_ns.has_value());
  network.run(5, attack);
  ASSERT_EQ(network.findings().size(), 1U);
  EXPECT_FALSE(network.findings()[0].until_ns.has_value());
  network.run(60, quiet);
  network.run(5, attack);
  ASSERT_EQ(network.findings().size(), 2U);
  EXPECT_EQ(network.findings()[1].id, 2U);
  EXPECT_EQ(network.findings()[1].since_ns, network.begin_ns(120));
}

// The baseline stays what it was before, however long the attack.
TEST(Finding, IsOpenAsLongAsTheAttack) {
  MadeUpNetwork network(1);
  const auto mail = [](MadeUpStep& step, double connections) { step.mail_comes(connections, 500); };
  network.run(30, [&](MadeUpStep& step, std::int64_t) { mail(step, 10); });
  network.run(1'000, [&](MadeUpStep& step, std::int64_t) { mail(step, 60); });
  ASSERT_EQ(network.of("smtp_flood").size(), 1U);
  EXPECT_FALSE(network.of("smtp_flood")[0].until_ns.has_value());
  EXPECT_NEAR(evidence<double>(network.of("smtp_flood")[0], "baseline_per_s"), 10, 3);
  network.run(20, [&](MadeUpStep& step, std::int64_t) { mail(step, 10); });
  EXPECT_EQ(network.of("smtp_flood").at(0).until_ns, network.begin_ns(1'030));
}

TEST(Finding, ShowsTheLossOfItsTime) {
  MadeUpNetwork network(1);
  network.run(30, [](MadeUpStep& step, std::int64_t) { step.lose(5'000); });
  network.run(10, [](MadeUpStep& step, std::int64_t number) {
    attack(step, number);
    step.lose(number % 2 == 0 ? 2'500 : 0);
  });
  ASSERT_EQ(network.summary(), "smtp_flood 10.0.0.25");
  EXPECT_NEAR(evidence<double>(network.findings()[0], "loss_share"), 1'250.0 / 11'250, 1e-6);
}

// Steps without events are not handed over; what was open closes when it ended, and nothing is found in what
// comes back as it was.
TEST(Finding, ClosesOverAGapAndNothingIsFoundAfterIt) {
  for (const std::int64_t gap : {15LL, 60LL, 3'600LL, 100'000'000LL}) {
    MadeUpNetwork network(1);
    const auto mail = [](MadeUpStep& step, std::int64_t) { step.mail_comes(20, 500); };
    network.run(30, mail);
    network.run(5, attack);
    network.pass_over(gap);
    network.run(60, mail);
    ASSERT_EQ(network.of("smtp_flood").size(), 1U) << gap;
    EXPECT_EQ(network.findings()[0].until_ns, network.begin_ns(35)) << gap;
  }
}

TEST(Finding, IsNoneWhileAllIsLearned) {
  MadeUpNetwork network(1);
  network.run(15, [](MadeUpStep& step, std::int64_t number) {
    if (number > 5) attack(step, number);
    scan(step);
  });
  EXPECT_EQ(network.summary(), "");
}

TEST(Finding, IsNoneWhileAllIsLearnedAnewAfterALongGap) {
  MadeUpNetwork network(1);
  network.run(1, quiet);  // a first frame of 1970, say
  EXPECT_TRUE(network.detectors().learning());
  network.pass_over(1'000'000'000);
  network.run(14, attack);
  EXPECT_TRUE(network.detectors().learning());
  EXPECT_EQ(network.summary(), "");
  network.run(1, attack);
  EXPECT_FALSE(network.detectors().learning());
}

TEST(Findings, AreBoundedAndWhatIsDroppedIsCounted) {
  aggregator::DetectorSettings settings = quick_settings();
  settings.open_findings = 10;
  settings.closed_findings = 5;
  MadeUpNetwork network(1, settings);
  network.run(20, quiet);
  network.run(3, [](MadeUpStep& step, std::int64_t) {
    for (std::uint32_t client = 1'000; client < 1'030; ++client) scan(step, client);
  });
  EXPECT_EQ(network.findings().size(), 10U);
  EXPECT_GT(network.detectors().losses().findings_refused, 0U);
  network.run(60, quiet);
  EXPECT_EQ(network.findings().size(), 5U);
  EXPECT_EQ(network.detectors().losses().findings_dropped, 5U);
  EXPECT_EQ(network.findings()[0].id, 6U);
  EXPECT_LE(network.detectors().take_changes().size(), 2 * 5U);
}

TEST(Hosts, AreBoundedAndThoseNotSeenForLongestAreGivenUp) {
  aggregator::DetectorSettings settings = quick_settings();
  settings.hosts = 64;
  settings.suspects = 32;
  MadeUpNetwork network(1, settings);
  network.run(20, quiet);
  network.run(200, [](MadeUpStep& step, std::int64_t number) {
    scan(step);
    for (std::uint32_t i = 0; i < 20; ++i) {
      const wire::Address passing = host(10'000 + 20 * static_cast<std::uint32_t>(number) + i);
      step.connect(passing, 445, 9, 1, Field::kWithoutResolution, false);
    }
  });
  EXPECT_EQ(network.summary(), "connections_without_resolution 10.0.0.7");
  EXPECT_FALSE(network.findings()[0].until_ns.has_value());
  EXPECT_GT(network.detectors().losses().hosts_evicted, 1'000U);
}

// Against the distribution function of the negative binomial distribution, summed up.
TEST(CountChance, IsThatOfTheNegativeBinomialDistribution) {
  for (const double seen : {0.0, 3.0, 40.0}) {
    for (const double expected : {0.1, 1.0, 5.0}) {
      const double p = expected / (1 + expected);
      double term = std::pow(1 - p, seen + 1);
      double below = 0;
      for (double count = 0; count < 30; ++count) {
        if (count > (seen + 1) * expected && below < 0.999999) {
          EXPECT_NEAR(std::pow(10, aggregator::log10_chance(count, seen, expected)), 1 - below, 1e-9);
        }
        below += term;
        term *= p * (count + seen + 1) / (count + 1);
      }
    }
  }
  EXPECT_EQ(aggregator::log10_chance(2, 10, 0.2), 0);  // no more than was to be expected
  EXPECT_LT(aggregator::log10_chance(10'000, 100, 1), -300);
}

}  // namespace
}  // namespace tests
