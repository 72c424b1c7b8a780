// query_flood, ptr_flood, nxdomain_burst and smtp_flood.
#include <gtest/gtest.h>

#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::Finding;

// Thirty clients that browse, mail that comes, and some of all else.
void ordinary(MadeUpStep& step) {
  for (std::uint32_t client = 100; client < 130; ++client) {
    step.browse(host(client), 0.5);
    step.ask(host(client), Field::kQueriesA, step.poisson(0.3), Field::kNxdomain);
    step.ask(host(client), Field::kQueriesPtr, step.poisson(0.3));
  }
  step.mail_comes(5, 200);
}

// Quiet for 30 steps, then `happens` besides.
template <class Happens>
MadeUpNetwork network_with(std::uint64_t seed, std::int64_t steps, Happens&& happens) {
  MadeUpNetwork network(seed);
  network.run(30, [](MadeUpStep& step, std::int64_t) { ordinary(step); });
  network.run(steps, [&](MadeUpStep& step, std::int64_t number) {
    ordinary(step);
    happens(step, number);
  });
  return network;
}

void from_many(MadeUpStep& step, Field type, double rate, Field answer) {
  for (std::uint64_t i = step.poisson(rate); i > 0; --i) {
    step.asked_from(host(8'000'000 + static_cast<std::uint32_t>(step.below(5'000))), type, 1, answer);
  }
}

struct Attack {
  std::string finding;
  Field type;
  Field answer;
  double baseline;  // a step
};
const Attack kQueries = {"query_flood 10.0.0.53", Field::kQueriesTxt, Field::kNoerror, 60};
const Attack kPtr = {"ptr_flood 10.0.0.53", Field::kQueriesPtr, Field::kNxdomain, 9};
const Attack kNxdomain = {"nxdomain_burst 10.0.0.53", Field::kQueriesA, Field::kNxdomain, 9};

class DnsFlood : public testing::TestWithParam<Attack> {};
INSTANTIATE_TEST_SUITE_P(All, DnsFlood, testing::Values(kQueries, kPtr, kNxdomain));

TEST_P(DnsFlood, IsFoundWithinThreeStepsAndIsNoOther) {
  const Attack& attack = GetParam();
  for (const double factor : {5.0, 10.0, 50.0}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const MadeUpNetwork network = network_with(seed, 3, [&](MadeUpStep& step, std::int64_t) {
        from_many(step, attack.type, attack.baseline * (factor - 1), attack.answer);
      });
      EXPECT_EQ(network.summary(), attack.finding) << factor << " " << seed;
    }
  }
}

TEST_P(DnsFlood, NamesOneClientOrSaysThatThereAreMany) {
  const Attack& attack = GetParam();
  const MadeUpNetwork one = network_with(1, 15, [&](MadeUpStep& step, std::int64_t) {
    step.ask(host(7), attack.type, step.poisson(20 * attack.baseline), attack.answer);
  });
  ASSERT_EQ(one.summary(), attack.finding);
  const Finding finding = one.findings()[0];
  EXPECT_EQ(finding.name, "ns1");
  EXPECT_NEAR(static_cast<double>(finding.since_ns - one.begin_ns(30)), 0, 1e9);
  EXPECT_EQ(evidence<std::string>(finding, "source"), "one client");
  EXPECT_EQ(evidence<std::string>(finding, "top_client"), "10.0.0.7");
  EXPECT_GT(evidence<double>(finding, "top_client_share"), 0.8);
  EXPECT_NE(finding.advice.find("10.0.0.7"), std::string::npos);

  const MadeUpNetwork many = network_with(1, 15, [&](MadeUpStep& step, std::int64_t) {
    from_many(step, attack.type, 20 * attack.baseline, attack.answer);
  });
  ASSERT_EQ(many.summary(), attack.finding);
  EXPECT_EQ(evidence<std::string>(many.findings()[0], "source"), "many clients");
  EXPECT_GT(evidence<std::uint64_t>(many.findings()[0], "clients"), 300U);
}

TEST(QueryFlood, IsFoundWithinThreeStepsAtThreeTimesTheBaseline) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const MadeUpNetwork network = network_with(seed, 3, [](MadeUpStep& step, std::int64_t) {
      from_many(step, Field::kQueriesTxt, 2.1 * kQueries.baseline, Field::kNoerror);
    });
    found += network.summary() == kQueries.finding;
  }
  EXPECT_GE(found, 45);
}

TEST(QueryFlood, IsNotACrawlerNorANewsletterNorACacheThatStartsAgain) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(
        network_with(seed, 60, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 100); }).summary(),
        "");
    EXPECT_EQ(network_with(seed, 60,
                           [](MadeUpStep& step, std::int64_t number) {
                             const std::uint64_t mails = step.poisson(60);
                             step.ask(kMailServer, Field::kQueriesMx, mails);
                             step.ask(kMailServer, Field::kQueriesA, 2 * mails);
                             step.ask(kMailServer, Field::kQueriesMx, mails / 10, Field::kNxdomain);
                             step.connect(kMailServer, 25,
                                          4'000'000 + 100 * static_cast<std::uint32_t>(number), mails,
                                          Field::kResolved, true);
                           })
                  .summary(),
              "");
    // The cache asks upstream for what it knew; its clients ask twice.
    EXPECT_EQ(network_with(seed, 60,
                           [](MadeUpStep& step, std::int64_t number) {
                             if (number >= 40) return;
                             const std::uint64_t misses = step.poisson(400);
                             aggregator::HostCounts& cache = step.row(kDnsServer).counts;
                             cache[Field::kQueriesA] += misses;
                             cache[Field::kNoerror] += misses;
                             cache[Field::kAnswersWithAddress] += misses;
                             for (std::uint32_t client = 100; client < 130; ++client) {
                               step.ask(host(client), Field::kQueriesA, step.poisson(1.7));
                             }
                           })
                  .summary(),
              "");
  }
}

TEST(SmtpFlood, IsFoundWithinThreeStepsFromManyOrOne) {
  for (const double factor : {3.0, 5.0, 10.0}) {
    int found = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      MadeUpNetwork network(seed);
      network.run(30, [](MadeUpStep& step, std::int64_t) { step.mail_comes(20, 500); });
      EXPECT_EQ(network.summary(), "");
      network.run(3, [&](MadeUpStep& step, std::int64_t) {
        step.mail_comes(20, 500);
        step.mail_comes(20 * (factor - 1), 5'000, 1);
      });
      found += network.of("smtp_flood").size() == 1;
    }
    EXPECT_GE(found, factor > 3 ? 50 : 45) << factor;
  }
  const MadeUpNetwork network = network_with(1, 10, [](MadeUpStep& step, std::int64_t) {
    for (int i = 0; i < 50; ++i) step.smtp(host(9), 0);
  });
  ASSERT_EQ(network.summary(), "smtp_flood 10.0.0.25");
  EXPECT_EQ(evidence<std::string>(network.findings()[0], "top_client"), "10.0.0.9");
  EXPECT_NE(network.findings()[0].advice.find("Reject 10.0.0.9"), std::string::npos);
}

// Bounces make connections, queries and NXDOMAIN: one attack, one finding.
TEST(Floods, OfBouncesAreBackscatterAlone) {
  for (const double rate : {5.0, 20.0, 100.0}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      EXPECT_EQ(network_with(seed, 30, [&](MadeUpStep& step, std::int64_t) { step.bounces(rate, 2'000); })
                    .summary(),
                "backscatter 10.0.0.25")
          << rate << " " << seed;
    }
  }
}

TEST(Floods, OfTwoKindsAreTwoFindings) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const MadeUpNetwork bounces = network_with(seed, 20, [](MadeUpStep& step, std::int64_t) {
      step.bounces(20, 2'000);
      for (int i = 0; i < 80; ++i) step.smtp(host(9), 0);
    });
    EXPECT_EQ(bounces.of("backscatter").size(), 1U) << seed;
    EXPECT_EQ(bounces.of("smtp_flood").size(), 1U) << seed;
    EXPECT_EQ(bounces.findings().size(), 2U) << bounces.summary();

    const MadeUpNetwork dns = network_with(seed, 20, [](MadeUpStep& step, std::int64_t) {
      from_many(step, Field::kQueriesPtr, 200, Field::kNxdomain);
      step.ask(host(7), Field::kQueriesA, 300, Field::kNxdomain);
    });
    EXPECT_EQ(dns.of("ptr_flood").size(), 1U) << seed;
    EXPECT_EQ(dns.of("nxdomain_burst").size(), 1U) << seed;
    EXPECT_EQ(dns.findings().size(), 2U) << dns.summary();
  }
}

}  // namespace
}  // namespace tests
