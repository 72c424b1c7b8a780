// Rankings with bounds: what is said is at most `error` more than what was.
#include <cmath>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "aggregator/host_tops.h"
#include "aggregator/space_saving.h"
#include "tests/support/host_steps.h"
#include "tests/support/shards.h"

namespace tests {
namespace {

using aggregator::NameRow;
using aggregator::SpaceSaving;

using Table = SpaceSaving<int>;

std::uint64_t hash_of(int key) {
  return wire::mix(static_cast<std::uint64_t>(key), wire::kHashSeedA);
}

TEST(SpaceSaving, CountsAreExactWhileThereIsRoom) {
  Table table(10);
  std::map<int, std::uint64_t> exact;
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    const int key = static_cast<int>(random() % 10);
    table.add(key, hash_of(key), 1 + i % 3);
    exact[key] += 1 + static_cast<std::uint64_t>(i % 3);
  }
  const auto rows = table.top(100);
  ASSERT_EQ(rows.size(), 10U);
  for (const auto& row : rows) {
    EXPECT_EQ(row.count, exact[row.key]);
    EXPECT_EQ(row.error, 0U);
  }
}

TEST(SpaceSaving, TheTrueCountLiesBetweenTheBounds) {
  for (unsigned seed = 1; seed < 30; ++seed) {
    std::mt19937 random(seed);
    const std::size_t capacity = 1 + seed * 3;
    Table table(capacity);
    std::map<int, std::uint64_t> exact;
    std::uint64_t total = 0;
    for (int i = 0; i < 5000; ++i) {
      const int key = static_cast<int>(std::pow(1000.0, static_cast<double>(random() % 1000) / 1000));
      const std::uint64_t count = 1 + random() % 5;
      table.add(key, hash_of(key), count);
      exact[key] += count;
      total += count;
    }
    const auto rows = table.top(1'000'000);
    ASSERT_EQ(rows.size(), std::min(capacity, exact.size()));
    std::uint64_t sum = 0;
    for (const auto& row : rows) {
      EXPECT_LE(row.count - row.error, exact[row.key]);
      EXPECT_GE(row.count, exact[row.key]);
      EXPECT_LE(row.error, total / capacity);
      sum += row.count;
      exact.erase(row.key);
    }
    EXPECT_EQ(sum, total);  // Lemma 3.1 of the paper.
    for (const auto& [key, count] : exact) EXPECT_LE(count, rows.back().count);
  }
}

TEST(SpaceSaving, EqualCountsStandByKeyAndTheListIsCut) {
  Table table(10);
  for (const int key : {3, 1, 2}) table.add(key, hash_of(key), 5);
  table.add(9, hash_of(9), 1);
  const auto rows = table.top(2);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].key, 1);
  EXPECT_EQ(rows[1].key, 2);
}

TEST(SpaceSaving, HashesThatCollideChangeNothing) {
  std::mt19937 random(3);
  Table table(20);
  Table colliding(20);
  for (int i = 0; i < 3000; ++i) {
    const int key = static_cast<int>(random() % 60);
    table.add(key, hash_of(key), 1);
    colliding.add(key, 7, 1);
  }
  const auto rows = table.top(20);
  const auto colliding_rows = colliding.top(20);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].key, colliding_rows[i].key);
    EXPECT_EQ(rows[i].count, colliding_rows[i].count);
  }
}

TEST(SpaceSaving, WhatCouldBeAnybodysIsInCountAndError) {
  Table table(2);
  table.add(1, hash_of(1), 5);
  table.add_unknown(3);
  const auto rows = table.top(2);
  EXPECT_EQ(rows.at(0).count, 8U);
  EXPECT_EQ(rows.at(0).error, 3U);
}

// What is asked for in a campus while somebody floods names below flooded.com.
EventScript queries_and_a_flood(std::map<std::string, std::uint64_t>& exact) {
  std::mt19937 random(5);
  EventScript script;
  script.at(1'000'000 * kSecond);
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    const double uniform = static_cast<double>(random() % 10'000) / 10'000;
    const auto number = static_cast<int>(std::pow(3000.0, uniform));
    const std::string domain = i % 3 == 0 ? "flooded.com" : fmt::format("d{}.ac.jp", number);
    const std::string label = i % 3 == 0 ? fmt::format("x{}", i) : fmt::format("www{}", random() % 3);
    script.query(host(random() % 1000), label + "." + domain);
    ++exact[domain];
  }
  script.query(host(1), "com").query(host(1), ".").query(host(1), "a.b.ck");  // no domain but the last
  ++exact["a.b.ck"];
  return script;
}

TEST(TopDomains, EachQueryIsCountedOnceWhetherItsNameKeptItsPlaceOrNot) {
  std::map<std::string, std::uint64_t> exact;
  const EventScript script = queries_and_a_flood(exact);
  for (const std::size_t names : {std::size_t{1024}, std::size_t{1} << 17}) {
    const auto domains =
        summary_of(script.events(), {.names = names, .domains = 1 << 20, .suffixes = a_few_suffixes()})
            .domains;
    ASSERT_EQ(domains.size(), aggregator::kTopNames);
    EXPECT_EQ(domains.front().name, "flooded.com");
    for (const NameRow& row : domains) {
      EXPECT_EQ(row.queries, exact[row.name]) << row.name;
      EXPECT_EQ(row.error, 0U);
    }
  }
}

TEST(TopDomains, BoundsHoldAndShardsDoNotShowWhenTablesAreFull) {
  std::map<std::string, std::uint64_t> exact;
  const EventScript script = queries_and_a_flood(exact);
  aggregator::ShardSettings settings{.names = 1024, .domains = 1024, .suffixes = a_few_suffixes()};
  const auto summary = summary_of(script.events(), settings);
  EXPECT_EQ(summary.domains.front().name, "flooded.com");
  EXPECT_LT(summary.domains.front().error, exact["flooded.com"] / 10);
  std::uint64_t errors = 0;
  for (const NameRow& row : summary.domains) {
    EXPECT_LE(row.queries - row.error, exact[row.name]) << row.name;
    EXPECT_GE(row.queries, exact[row.name]) << row.name;
    errors += row.error;
  }
  EXPECT_GT(errors, 0U);
  for (const unsigned shards : {2U, 3U, 64U}) {
    settings.shards = shards;
    EXPECT_EQ(text_of(summary_of(script.events(), settings)), text_of(summary)) << shards;
  }
}

TEST(TopDomains, WithoutAListThereAreNone) {
  EventScript script;
  script.query(host(1), "www.example.com");
  EXPECT_TRUE(summary_of(script.events()).domains.empty());
  EXPECT_EQ(summary_of(script.events(), {.suffixes = a_few_suffixes()}).domains.at(0).name, "example.com");
}

TEST(TopDomains, TheLongestNameHasADomainToo) {
  const std::string label(63, 'a');
  const std::string name = label + "." + label + "." + std::string(40, 'b') + "." + label + ".ac.jp";
  EventScript script;
  script.query(host(1), name);
  for (int i = 0; i < 1000; ++i) script.query(host(1), fmt::format("x{}.com", i));  // it loses its place
  const auto domains =
      summary_of(script.events(), {.names = 64, .domains = 1 << 20, .suffixes = a_few_suffixes()}).domains;
  EXPECT_EQ(std::ranges::count(domains, label + ".ac.jp", &NameRow::name), 1);
}

std::string text_of(const std::vector<aggregator::SmtpClientRow>& rows) {
  std::string text;
  for (const auto& row : rows)
    text +=
        fmt::format("{} {} {} {}\n", row.server_name, wire::to_text(row.client), row.connections, row.error);
  return text;
}

std::string text_of(const std::vector<aggregator::UnresolvedDestinationRow>& rows) {
  std::string text;
  for (const auto& row : rows) {
    text += fmt::format("{} {} {} {} {}\n", wire::to_text(row.address), row.port, row.connections, row.error,
                        row.clients);
  }
  return text;
}

TEST(HostTops, EachMailServerHasARankingOverAllItsAddresses) {
  HostScenario scenario;
  scenario.hosts.servers = {host(25), host6(25), host(26)};
  EventScript script;
  script.at(1'000'000 * kSecond);
  for (int i = 0; i < 4; ++i) script.after(kSecond).syn(host(70'000), host(25), 25);
  for (int i = 0; i < 3; ++i) script.syn(host(70'000), host6(25), 25).syn(host(70'001), host(26), 25);
  script.syn(host(70'002), host(25), 25).syn(host(70'003), host(25), 80).query(host(70'004), "a.com");
  aggregator::HostTops tops({{"mx1", {host(25), host6(25)}}, {"mx2", {host(26)}}});
  for (const HostStep& step : host_steps_of(script.events(), scenario)) tops.observe(step);
  EXPECT_EQ(text_of(tops.smtp_clients(10)),
            "mx1 10.1.17.112 7 0\nmx1 10.1.17.114 1 0\nmx2 10.1.17.113 3 0\n");
  EXPECT_EQ(text_of(tops.smtp_clients(1)), "mx1 10.1.17.112 7 0\nmx2 10.1.17.113 3 0\n");
}

TEST(HostTops, ClientsThatFoundNoRoomAreInTheError) {
  std::map<wire::Address, std::uint64_t> exact;
  EventScript script;
  script.at(1'000'000 * kSecond);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const wire::Address client = host(70'000 + (i % 7 == 0 ? 1 : i));
    script.syn(client, host(25), 25);
    ++exact[client];
    if (i % 500 == 0) script.after(kSecond);
  }
  std::string one;
  for (const unsigned shards : {1U, 7U}) {
    HostScenario scenario;
    scenario.hosts.peers = 64 * 2;
    scenario.shards = shards;
    aggregator::HostTops tops({{"mx1", {host(25)}}}, 100);
    for (const HostStep& step : host_steps_of(script.events(), scenario)) tops.observe(step);
    const auto rows = tops.smtp_clients(1000);
    EXPECT_EQ(rows.size(), 100U);
    EXPECT_EQ(rows.front().client, host(70'001));
    for (const auto& row : rows) {
      EXPECT_LE(row.connections - row.error, exact[row.client]);
      EXPECT_GE(row.connections, exact[row.client]);
      EXPECT_GT(row.error, 0U);
    }
    if (one.empty()) one = text_of(rows);
    EXPECT_EQ(text_of(rows), one);
  }
}

TEST(HostTops, DestinationsWithoutResolutionCountConnectionsAndClients) {
  EventScript script;
  script.at(1'000'000 * kSecond).response(host(9), {host(90'002)});
  for (std::uint32_t i = 0; i < 5; ++i) {
    script.after(kSecond).syn(host(1 + i), host(90'000), 445).syn(host(1), host(90'000), 135);
    script.syn(host(1), host(90'001), 135).syn(host(1), host(90'001), 135).syn(host(1), host(90'002), 80);
  }
  aggregator::HostTops tops({});
  for (const HostStep& step : host_steps_of(script.events())) tops.observe(step);
  EXPECT_EQ(text_of(tops.unresolved_destinations(10)),
            "10.1.95.145 135 10 0 1\n10.1.95.144 135 5 0 1\n10.1.95.144 445 5 0 5\n");
  EXPECT_EQ(tops.unresolved_destinations(1).size(), 1U);
}

}  // namespace
}  // namespace tests
