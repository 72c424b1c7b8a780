#include <gtest/gtest.h>

#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::Finding;

void mails(MadeUpStep& step, const wire::Address& from, double destinations, bool asks_mx = true) {
  const std::uint64_t count = step.poisson(destinations);
  if (asks_mx) step.ask(from, Field::kQueriesMx, count);
  step.ask(from, Field::kQueriesA, count);
  step.connect(from, 25, 4'000'000 + static_cast<std::uint32_t>(step.below(1'000'000)), count,
               Field::kResolved, true);
}

TEST(MassMailer, IsAHostThatMailsByItself) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(30, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 1); });
    network.run(3, [](MadeUpStep& step, std::int64_t) {
      step.browse(host(7), 1);
      mails(step, host(7), 8);
    });
    ASSERT_EQ(network.summary(), "mass_mailer 10.0.0.7") << seed;
    const Finding finding = network.findings()[0];
    EXPECT_EQ(finding.since_ns, network.begin_ns(30));
    EXPECT_GE(evidence<std::uint64_t>(finding, "smtp_destinations"), 5U);
    EXPECT_GT(evidence<double>(finding, "mx_queries_per_s"), 0);
    EXPECT_NE(finding.advice.find("10.0.0.7"), std::string::npos);
  }
}

TEST(MassMailer, IsFoundWhenItMailsSlowly) {
  MadeUpNetwork network(1);
  network.run(30, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 1); });
  network.run(120, [](MadeUpStep& step, std::int64_t) { mails(step, host(7), 0.35); });
  EXPECT_EQ(network.summary(), "mass_mailer 10.0.0.7");
}

TEST(MassMailer, IsFoundWithoutMxQueriesIfItTakesMoreDestinations) {
  MadeUpNetwork network(1);
  network.run(20, [](MadeUpStep&, std::int64_t) {});
  network.run(10, [](MadeUpStep& step, std::int64_t) { mails(step, host(7), 4, false); });
  EXPECT_EQ(network.summary(), "mass_mailer 10.0.0.7");
}

TEST(MassMailer, IsNoMailServerAndNoMailProgram) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(200, [](MadeUpStep& step, std::int64_t number) {
      mails(step, kMailServer, number < 50 ? 3 : 30);
      // Two relays of the provider, for each mail one of them.
      step.connect(host(8), 25, 5'000'000 + static_cast<std::uint32_t>(step.below(2)), step.poisson(0.5),
                   Field::kResolved, true);
      step.ask(host(9), Field::kQueriesMx, step.poisson(2));  // asks only
    });
    EXPECT_EQ(network.summary(), "") << seed;
  }
}

TEST(MassMailer, ARelayThatWasNotConfiguredIsSilentUntilItMailsMuchMore) {
  MadeUpNetwork network(1);
  network.run(60, [](MadeUpStep& step, std::int64_t) { mails(step, host(7), 3); });
  EXPECT_EQ(network.summary(), "");
  network.run(10, [](MadeUpStep& step, std::int64_t) { mails(step, host(7), 30); });
  EXPECT_EQ(network.summary(), "mass_mailer 10.0.0.7");
}

}  // namespace
}  // namespace tests
