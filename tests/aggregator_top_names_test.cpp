#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/name_slots.h"
#include "aggregator/top_names.h"
#include "tests/support/events.h"
#include "tests/support/shards.h"

namespace {

using aggregator::NameRow;
using aggregator::TopNames;

struct Counted {
  std::map<std::string, std::uint64_t> exact;
  std::vector<NameRow> rows;
};

// Zipf-like names over `partitions` tables of `size` names each, taken out `closes` times on the way.
Counted count_random_names(unsigned partitions, std::size_t size, int closes, unsigned seed) {
  std::mt19937 random(seed);
  TopNames table(partitions, size);
  aggregator::NameTally sum;
  Counted counted;
  for (int close = 0; close < closes; ++close) {
    for (int i = 0; i < 20'000; ++i) {
      const double uniform = static_cast<double>(random() % 100'000) / 100'000;
      const auto text = fmt::format("n{}.example", static_cast<int>(std::pow(2000.0, uniform)));
      const wire::DnsName name = tests::dns_name(text);
      table.add(random() % partitions, name.hash(), name.wire());
      ++counted.exact[text];
    }
    sum += table.tally();
    table.clear();
  }
  counted.rows = sum.top(1'000'000);
  return counted;
}

TEST(TopNames, CountsAreExactWhileThereIsRoom) {
  const Counted counted = count_random_names(3, 1 << 15, 2, 1);
  ASSERT_EQ(counted.rows.size(), counted.exact.size());
  for (const NameRow& row : counted.rows) {
    EXPECT_EQ(row.queries, counted.exact.at(row.name)) << row.name;
    EXPECT_EQ(row.error, 0u);
  }
}

TEST(TopNames, TheTrueCountLiesBetweenTheBoundsWhenThereIsNot) {
  for (unsigned seed = 1; seed < 20; ++seed) {
    const Counted counted = count_random_names(1 + seed % 4, 128, 1 + static_cast<int>(seed % 3), seed);
    ASSERT_LT(counted.rows.size(), counted.exact.size());
    for (const NameRow& row : counted.rows) {
      EXPECT_LE(row.error, row.queries);
      EXPECT_GE(row.queries, counted.exact.at(row.name)) << row.name;
      EXPECT_LE(row.queries - row.error, counted.exact.at(row.name)) << row.name;
    }
  }
}

TEST(TopNames, TheNameAskedForMostComesFirst) {
  const Counted counted = count_random_names(4, 128, 1, 7);
  const auto most = std::max_element(counted.exact.begin(), counted.exact.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  EXPECT_EQ(counted.rows.front().name, most->first);
}

TEST(TopNames, ANewNameTakesThePlaceOfTheFirstOfTheLeast) {
  for (const std::size_t least : {0u, 1u, 4u, 6u}) {
    TopNames table(1, TopNames::kWays);
    const auto ask = [&](const std::string& text, std::uint64_t queries) {
      const wire::DnsName name = tests::dns_name(text);
      table.add(0, name.hash(), name.wire(), nullptr, queries);
    };
    for (std::size_t way = 0; way < TopNames::kWays; ++way) {
      const bool is_least = way == least || way == least + 1;
      ask(std::string(1, static_cast<char>('a' + way)), is_least ? 3 : 9 - way % 4);
    }
    ask("new", 1);
    const auto rows = table.tally().top(TopNames::kWays);
    ASSERT_EQ(rows.size(), TopNames::kWays);
    const auto row_of = [&](const std::string& text) {
      return std::ranges::find(rows, text, &NameRow::name);
    };
    EXPECT_EQ(row_of(std::string(1, static_cast<char>('a' + least))), rows.end()) << least;
    ASSERT_NE(row_of("new"), rows.end());
    EXPECT_EQ(row_of("new")->queries, 4u);
    EXPECT_EQ(row_of("new")->error, 3u);
  }
}

TEST(TopNames, EqualCountsStandByNameAndTheListIsCut) {
  TopNames table(1, 64);
  for (const char* text : {"b", "c", "a", "b"}) {
    const wire::DnsName name = tests::dns_name(text);
    table.add(0, name.hash(), name.wire());
  }
  const auto rows = table.tally().top(2);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "b");
  EXPECT_EQ(rows[1].name, "a");
}

TEST(TopNames, ANameWithoutTextIsCountedOnlyWhereItIsKnown) {
  TopNames table(1, 64);
  const wire::DnsName name = tests::dns_name("known.example");
  table.add(0, name.hash(), {});
  EXPECT_TRUE(table.tally().names.empty());
  table.add(0, name.hash(), name.wire());
  table.add(0, name.hash(), {});
  EXPECT_EQ(table.tally().top(1).front().queries, 2u);
}

// 255 octets on the wire: three labels of 63, one of 61, their length octets and the root.
std::string longest_name() {
  return std::string(63, 'a') + '.' + std::string(63, 'b') + '.' + std::string(63, 'c') + '.' +
         std::string(61, 'd');
}

TEST(NameSlots, TheLongestNameArrivesWhole) {
  tests::EventScript script;
  script.query(tests::host(1), longest_name()).query(tests::host(1), ".");
  const auto names = tests::summary_of(script.events()).names;
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0].name, ".");
  EXPECT_EQ(names[1].name, longest_name());
}

TEST(NameSlots, ANameThatLostASlotIsNoName) {
  for (const std::size_t lost : {0u, 2u, 5u}) {
    tests::EventScript script;
    script.query(tests::host(1), "before.example").query(tests::host(1), longest_name());
    script.events().erase(script.events().begin() + 2 + static_cast<std::ptrdiff_t>(lost));
    const auto summary = tests::summary_of(script.events());
    ASSERT_EQ(summary.names.size(), 1u) << lost;
    EXPECT_EQ(summary.names[0].name, "before.example");
    EXPECT_EQ(summary.dns.udp_queries, 2u);
  }
}

}  // namespace
