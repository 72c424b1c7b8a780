// answers_without_connections
#include <gtest/gtest.h>

#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::Finding;

void answers(MadeUpStep& step, const wire::Address& to, std::uint64_t count) {
  step.row(to).counts[Field::kNoerror] += count;
  step.row(to).counts[Field::kAnswersWithAddress] += count;
}
void asked_answers(MadeUpStep& step, const wire::Address& to, std::uint64_t count) {
  step.row(to).counts[Field::kQueriesA] += count;
  answers(step, to, count);
}
// A cache asks as its clients need it; late answers come a step later.
void cache(MadeUpStep& step, std::uint64_t misses) {
  asked_answers(step, kDnsServer, misses);
}

TEST(AnswerFlood, ToACacheIsFoundWithinThreeStepsAtThreeTimesTheBaseline) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    MadeUpNetwork network(seed);
    network.run(30, [](MadeUpStep& step, std::int64_t) { cache(step, step.poisson(40)); });
    EXPECT_EQ(network.summary(), "");
    network.run(3, [](MadeUpStep& step, std::int64_t) {
      cache(step, step.poisson(40));
      answers(step, kDnsServer, step.poisson(90));
    });
    ASSERT_EQ(network.summary(), "answers_without_connections 10.0.0.53") << seed;
    EXPECT_EQ(network.findings()[0].name, "ns1");
  }
}

TEST(AnswerFlood, ToAClientSaysWhatItRestsOn) {
  MadeUpNetwork network(1);
  network.run(30, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 2); });
  network.run(15, [](MadeUpStep& step, std::int64_t) {
    step.browse(host(7), 2);
    answers(step, host(7), step.poisson(50));
  });
  ASSERT_EQ(network.summary(), "answers_without_connections 10.0.0.7");
  const Finding finding = network.findings()[0];
  EXPECT_NEAR(static_cast<double>(finding.since_ns - network.begin_ns(30)), 0, 2e9);
  EXPECT_NEAR(evidence<double>(finding, "answers_per_s"), 52, 12);
  EXPECT_NEAR(evidence<double>(finding, "baseline_per_s"), 2, 1.5);
  EXPECT_GT(evidence<double>(finding, "unsolicited_share"), 0.8);
  EXPECT_LT(evidence<double>(finding, "followed_share"), 0.1);
  EXPECT_EQ(finding.severity, aggregator::Severity::kHigh);
  EXPECT_GT(finding.score, 0.9);
  EXPECT_NE(finding.advice.find("10.0.0.7"), std::string::npos);
}

TEST(AnswerFlood, IsFoundIfAClientAsksAndNeverConnects) {
  MadeUpNetwork network(1);
  network.run(30, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 2); });
  network.run(15, [](MadeUpStep& step, std::int64_t) { asked_answers(step, host(7), 40); });
  EXPECT_EQ(network.summary(), "answers_without_connections 10.0.0.7");
}

TEST(AnswerFlood, IsNotACrawlerNorAProgramThatAlwaysOnlyAsks) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(150, [](MadeUpStep& step, std::int64_t number) {
      if (number > 40) step.browse(host(7), 60);
      asked_answers(step, host(8), step.poisson(30));
    });
    EXPECT_EQ(network.summary(), "") << seed;
  }
}

// Queries of the end of one step are answered in the next, and a cache that starts again asks ten times more.
TEST(AnswerFlood, IsNotACacheThatStartsAgain) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    MadeUpNetwork network(seed);
    std::uint64_t late = 0;
    network.run(100, [&](MadeUpStep& step, std::int64_t number) {
      const std::uint64_t misses = step.poisson(number >= 40 && number < 45 ? 400 : 40);
      const std::uint64_t in_time = misses - step.below(misses / 3 + 1);
      step.row(kDnsServer).counts[Field::kQueriesA] += misses;
      answers(step, kDnsServer, in_time + late);
      late = misses - in_time;
    });
    EXPECT_EQ(network.summary(), "") << seed;
  }
}

// A way that is down for some seconds, and then all that was asked for meanwhile is answered.
TEST(AnswerFlood, IsNotWhatComesLate) {
  for (const wire::Address& client : {kDnsServer, host(7)}) {
    MadeUpNetwork network(1);
    network.run(100, [&](MadeUpStep& step, std::int64_t number) {
      const bool down = number >= 40 && number < 48;
      step.row(client).counts[Field::kQueriesA] += 40;
      step.row(client).counts[Field::kPaired] += 10;
      if (!down) answers(step, client, number == 48 ? 9 * 40 : 40);
    });
    EXPECT_EQ(network.summary(), "");
  }
}

// A tap behind one of two ways shows the responses of some hosts only: always.
TEST(AnswerFlood, IsNotAHostWhoseQueriesAreNeverSeen) {
  MadeUpNetwork network(1);
  network.run(200, [](MadeUpStep& step, std::int64_t number) {
    answers(step, host(7), step.poisson(number < 100 ? 20 : 30));
  });
  EXPECT_EQ(network.summary(), "");
}

TEST(AnswerFlood, IsWithheldWhileLossCouldExplainIt) {
  const auto with_loss = [](std::uint64_t lost, std::uint64_t asked) {
    MadeUpNetwork network(1);
    network.run(30, [](MadeUpStep& step, std::int64_t) { cache(step, step.poisson(40)); });
    network.run(10, [&](MadeUpStep& step, std::int64_t) {
      step.lose(lost);
      answers(step, kDnsServer, 200);
      step.row(kDnsServer).counts[Field::kQueriesA] += asked;
    });
    return network.summary();
  };
  EXPECT_EQ(with_loss(0, 80), "answers_without_connections 10.0.0.53");
  EXPECT_EQ(with_loss(3'000, 80), "");  // 23 %
  EXPECT_EQ(with_loss(300, 80), "answers_without_connections 10.0.0.53");
}

}  // namespace
}  // namespace tests
