#include <gtest/gtest.h>

#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::Finding;

void ordinary_mail(MadeUpStep& step) {
  step.mail_comes(5, 200);
  if (step.below(2) == 0) step.names_fail("typo.example", 2);
}

// Three times forty a second are certain in three steps; three times ten take some more.
TEST(Backscatter, IsFoundWithinThreeStepsAtThreeTimesTheBaseline) {
  for (const double factor : {3.0, 5.0, 10.0}) {
    int found = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      MadeUpNetwork network(seed);
      const auto quiet = [&](MadeUpStep& step, std::int64_t) {
        step.mail_comes(20, 200);
        step.names_fail("typo.example", step.poisson(40));
      };
      network.run(30, quiet);
      EXPECT_EQ(network.summary(), "");
      network.run(3, [&](MadeUpStep& step, std::int64_t number) {
        quiet(step, number);
        step.bounces(40 * (factor - 1) / 4, 500);
      });
      found += !network.of("backscatter").empty();
    }
    EXPECT_GE(found, factor > 3 ? 50 : 45) << factor;
  }
}

TEST(Backscatter, SaysWhoWhatSinceWhenAndWhatToDo) {
  MadeUpNetwork network(1);
  network.run(30, [](MadeUpStep& step, std::int64_t) { ordinary_mail(step); });
  network.run(20, [](MadeUpStep& step, std::int64_t) {
    ordinary_mail(step);
    step.bounces(10, 500);
  });
  ASSERT_EQ(network.of("backscatter").size(), 1U);
  const Finding finding = network.of("backscatter")[0];
  EXPECT_EQ(finding.subject, kMailServer);
  EXPECT_EQ(finding.name, "mx1");
  EXPECT_GE(finding.since_ns, network.begin_ns(29));
  EXPECT_LE(finding.since_ns, network.begin_ns(31));
  EXPECT_FALSE(finding.until_ns.has_value());
  EXPECT_GT(finding.score, 0.8);
  EXPECT_EQ(finding.severity, aggregator::Severity::kHigh);
  EXPECT_NEAR(evidence<double>(finding, "unresolved_per_s"), 41, 12);
  EXPECT_NEAR(evidence<double>(finding, "baseline_per_s"), 1, 0.7);
  EXPECT_GT(evidence<double>(finding, "r_squared"), 0.7);
  EXPECT_GT(evidence<double>(finding, "smtp_connections_per_s"),
            2 * evidence<double>(finding, "baseline_smtp_connections_per_s"));
  EXPECT_GT(evidence<std::uint64_t>(finding, "smtp_clients"), 60U);
  EXPECT_EQ(evidence<double>(finding, "loss_share"), 0);
  EXPECT_EQ(evidence<std::vector<std::string>>(finding, "forged_domains").at(0).substr(0, 6), "forged");
  EXPECT_NE(finding.advice.find("mx1 (10.0.0.25)"), std::string::npos);
}

TEST(Backscatter, IsFoundThoughItIsAFewPercentOfTheQueries) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(30, [](MadeUpStep& step, std::int64_t) { step.mail_comes(40, 500, 8); });
    network.run(30, [](MadeUpStep& step, std::int64_t) {
      step.mail_comes(40, 500, 8);
      step.bounces(3, 500);
    });
    ASSERT_EQ(network.of("backscatter").size(), 1U) << seed;
    EXPECT_LT(evidence<double>(network.of("backscatter")[0], "unresolved_share"), 0.12);
  }
}

// Hosts in cc.campus.example: their names have the form, and resolve; of the AAAA queries none has data.
TEST(Backscatter, IsNotWhatResolves) {
  MadeUpNetwork network(1);
  network.run(120, [](MadeUpStep& step, std::int64_t number) {
    step.mail_comes(5, 200);
    const std::uint64_t names = step.poisson(number < 30 ? 1 : 20);
    step.ask(kMailServer, Field::kQueriesA, names);
    step.ask(kMailServer, Field::kQueriesAaaa, names, Field::kNodata);
    step.row(kMailServer).counts[Field::kFormed] += 2 * names;
    step.row(kMailServer).counts[Field::kUnresolved] += names;
  });
  EXPECT_EQ(network.summary(), "");
}

// A newsletter of the mail server: a part of its domains is gone.
TEST(Backscatter, IsNotANewsletter) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(120, [](MadeUpStep& step, std::int64_t number) {
      ordinary_mail(step);
      if (number < 40) return;
      const std::uint64_t mails = step.poisson(50);
      step.ask(kMailServer, Field::kQueriesMx, mails);
      step.ask(kMailServer, Field::kQueriesA, mails);
      step.names_fail("gone.example", 3 * step.poisson(5));
      step.connect(kMailServer, 25, 4'000'000 + 100 * static_cast<std::uint32_t>(number), mails,
                   Field::kResolved, true);
    });
    EXPECT_EQ(network.summary(), "") << seed;
  }
}

}  // namespace
}  // namespace tests
