#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "aggregator/resolution_table.h"
#include "dataplane/partition.h"
#include "tests/support/events.h"

namespace {

using aggregator::KeyedHash;
using aggregator::ResolutionSettings;
using aggregator::ResolutionTable;
using aggregator::ToldBy;
using aggregator::whole_seconds;

constexpr std::uint32_t kNoon = 1'700'000'000;
constexpr std::optional<ToldBy> kNobody = std::nullopt;

// The rule in other words: with exact keys, and times as anybody would write them down.
class ExactResolutions {
 public:
  ExactResolutions(std::int64_t grace_s, std::int64_t longest_ttl_s)
      : grace_s_(grace_s), longest_ttl_s_(longest_ttl_s) {}

  void told(const wire::Address& client, const wire::Address& address, ToldBy by, std::int64_t now_s,
            std::int64_t ttl_s) {
    if (ttl_s > 0x7FFFFFFF) ttl_s = 0;
    if (ttl_s > longest_ttl_s_) ttl_s = longest_ttl_s_;
    last_s_[{client, address, by}].push_back(now_s + ttl_s + grace_s_);
  }

  std::optional<ToldBy> judge(const wire::Address& client, const wire::Address& address,
                              std::int64_t now_s) const {
    for (const ToldBy by : {ToldBy::kAnswer, ToldBy::kHint}) {
      const auto found = last_s_.find({client, address, by});
      if (found == last_s_.end()) continue;
      for (const std::int64_t last_s : found->second) {
        if (now_s <= last_s) return by;
      }
    }
    return std::nullopt;
  }

 private:
  std::int64_t grace_s_;
  std::int64_t longest_ttl_s_;
  std::map<std::tuple<wire::Address, wire::Address, ToldBy>, std::vector<std::int64_t>> last_s_;
};

// The table with its partitions and hashes found for it, as a shard does.
class Resolutions {
 public:
  explicit Resolutions(const ResolutionSettings& settings, const KeyedHash& hash = {})
      : table(settings, hash) {}

  void told(const wire::Address& client, const wire::Address& address, ToldBy by, std::uint32_t now_s,
            std::uint32_t ttl_s) {
    table.told(dataplane::partition_of(client), table.hash_of(client, address), by, now_s, ttl_s);
  }
  std::optional<ToldBy> judge(const wire::Address& client, const wire::Address& address,
                              std::uint32_t now_s) const {
    return table.judge(dataplane::partition_of(client), table.hash_of(client, address), now_s);
  }

  ResolutionTable table;
};

constexpr ResolutionSettings kOnePartition = {
    .partitions = 1, .keys_per_partition = 1, .grace_s = 10, .longest_ttl_s = 1000};

TEST(ResolutionTable, JudgesAsAMapOfExactKeysDoes) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::mt19937 random(seed);
    Resolutions table(
        {.partitions = dataplane::kPartitions, .keys_per_partition = 512, .grace_s = 3, .longest_ttl_s = 90});
    ExactResolutions exact(3, 90);
    std::array<int, 3> judged{};
    std::uint32_t now_s = kNoon;
    for (int i = 0; i < 200'000; ++i) {
      if (i % 500 == 0) now_s += random() % 4;
      const std::uint32_t at_s = now_s - random() % 3;  // A little out of order.
      const auto client = random() % 2 != 0 ? tests::host(random() % 50) : tests::host6(random() % 50);
      const auto address = tests::host(1000 + random() % 100);
      const std::uint32_t ttl_s = random() % 20 == 0 ? random() : random() % 60;
      const ToldBy by = random() % 3 == 0 ? ToldBy::kHint : ToldBy::kAnswer;
      if (random() % 4 == 0) {
        table.told(client, address, by, at_s, ttl_s);
        exact.told(client, address, by, at_s, ttl_s);
      }
      const auto judgement = table.judge(client, address, at_s);
      ASSERT_EQ(judgement, exact.judge(client, address, at_s)) << seed << ' ' << i;
      ++judged[judgement ? 1 + static_cast<std::size_t>(*judgement) : 0];
    }
    EXPECT_EQ(table.table.evicted(), 0u);
    EXPECT_GT(*std::min_element(judged.begin(), judged.end()), 1000) << "one outcome was hardly tried";
  }
}

TEST(ResolutionTable, AnAddressIsHeldToTheEndOfItsTtlAndGraceAndNotASecondLonger) {
  ResolutionTable table(kOnePartition, {});
  table.told(0, 1, ToldBy::kAnswer, kNoon, 60);
  EXPECT_EQ(table.judge(0, 1, kNoon), ToldBy::kAnswer);
  EXPECT_EQ(table.judge(0, 1, kNoon + 70), ToldBy::kAnswer);
  EXPECT_EQ(table.judge(0, 1, kNoon + 71), kNobody);
  EXPECT_EQ(table.judge(0, 1, kNoon - 5), ToldBy::kAnswer) << "time goes back a little";
  EXPECT_EQ(table.judge(0, 2, kNoon), kNobody);
}

TEST(ResolutionTable, ATtlOfZeroLastsForTheGraceAndTooLongOnesAreBounded) {
  ResolutionTable table(kOnePartition, {});
  const auto last_second = [&](std::uint64_t hash, std::uint32_t ttl_s) {
    table.told(0, hash, ToldBy::kAnswer, kNoon, ttl_s);
    std::uint32_t second = kNoon;
    while (table.judge(0, hash, second + 1)) ++second;
    return second - kNoon;
  };
  EXPECT_EQ(last_second(1, 0), 10u);
  EXPECT_EQ(last_second(2, 1000), 1010u);
  EXPECT_EQ(last_second(3, 1001), 1010u);
  EXPECT_EQ(last_second(4, 0x7FFFFFFF), 1010u);
  EXPECT_EQ(last_second(5, 0x80000000), 10u);
  EXPECT_EQ(last_second(6, 0xFFFFFFFF), 10u);
}

TEST(ResolutionTable, TheLongestEndCountsAndAnswersAndHintsEndApart) {
  ResolutionTable table(kOnePartition, {});
  table.told(0, 1, ToldBy::kAnswer, kNoon, 100);
  table.told(0, 1, ToldBy::kAnswer, kNoon + 1, 5);
  table.told(0, 1, ToldBy::kHint, kNoon + 2, 300);
  EXPECT_EQ(table.judge(0, 1, kNoon + 110), ToldBy::kAnswer);
  EXPECT_EQ(table.judge(0, 1, kNoon + 111), ToldBy::kHint);
  EXPECT_EQ(table.judge(0, 1, kNoon + 312), ToldBy::kHint);
  EXPECT_EQ(table.judge(0, 1, kNoon + 313), kNobody);
}

TEST(ResolutionTable, AtTheEndsOfTimeNothingWraps) {
  EXPECT_EQ(whole_seconds(std::numeric_limits<std::int64_t>::min()), 0u);
  EXPECT_EQ(whole_seconds(-1), 0u);
  EXPECT_EQ(whole_seconds(1'999'999'999), 1u);
  const std::uint32_t last = whole_seconds(std::numeric_limits<std::int64_t>::max());
  ResolutionTable table(kOnePartition, {});
  table.told(0, 1, ToldBy::kAnswer, last, 60);
  EXPECT_EQ(table.judge(0, 1, last), ToldBy::kAnswer);
  EXPECT_EQ(table.judge(0, 2, 0), kNobody) << "a free place is no key, not even in 1970";
  EXPECT_EQ(table.judge(0, 0, 0), kNobody);
  table.told(0, 3, ToldBy::kHint, 0, 0);
  EXPECT_EQ(table.judge(0, 3, 0), ToldBy::kHint);
  EXPECT_EQ(table.judge(0, 3, 11), kNobody);
}

TEST(ResolutionTable, AnswersAndHintsAreToldApartAlsoForKeysThatTakeThePlaceOfOthers) {
  ResolutionTable table(kOnePartition, {});
  for (std::uint64_t key = 0; key < 8; ++key) table.told(0, key << 12, ToldBy::kAnswer, kNoon, 60);
  table.told(0, std::uint64_t{8} << 12, ToldBy::kHint, kNoon + 1000, 0);
  EXPECT_EQ(table.judge(0, std::uint64_t{8} << 12, kNoon), ToldBy::kHint);
}

// Keys that differ only in bits 12 to 31 lie in the same two lines: together these are a set of eight.
TEST(ResolutionTable, WhoEndsFirstIsGivenUpFirstAndCountsUnlessItHadEnded) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    ResolutionTable table(kOnePartition, {});
    std::map<std::uint64_t, std::uint32_t> last_s;  // of the eight at most that are held
    std::uint64_t evicted = 0;
    std::uint64_t replaced_ended = 0;
    std::uint32_t now_s = kNoon;
    for (int i = 0; i < 20'000; ++i) {
      now_s += 1 + random() % 20;
      replaced_ended += std::erase_if(last_s, [&](const auto& key) { return key.second < now_s; });
      std::uint32_t ttl_s = 1 + random() % 200;
      const auto ends_alike = [&](const auto& key) { return key.second == now_s + ttl_s + 10; };
      while (std::any_of(last_s.begin(), last_s.end(), ends_alike)) ++ttl_s;
      const std::uint64_t key = (std::uint64_t{seed} << 40 | 5) + (std::uint64_t{random() % 15} << 12);
      if (last_s.count(key) == 0 && last_s.size() == 8) {
        last_s.erase(std::min_element(last_s.begin(), last_s.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; }));
        ++evicted;
      }
      last_s[key] = std::max(last_s[key], now_s + ttl_s + 10);
      table.told(0, key, random() % 2 == 0 ? ToldBy::kAnswer : ToldBy::kHint, now_s, ttl_s);
      ASSERT_EQ(table.evicted(), evicted) << seed << ' ' << i;
      for (std::uint64_t other = 0; other < 15; ++other) {
        const std::uint64_t any = (std::uint64_t{seed} << 40 | 5) + (other << 12);
        ASSERT_EQ(table.judge(0, any, now_s).has_value(), last_s.count(any) != 0) << seed << ' ' << i;
      }
    }
    EXPECT_GT(evicted, 100u);
    EXPECT_GT(replaced_ended, 100u);
  }
}

TEST(ResolutionTable, EveryKeyIsHeldOrCountedAsEvicted) {
  constexpr std::uint32_t kKeys = 1 << 18;
  for (const std::uint32_t made_for : {64u, 128u, 256u}) {
    Resolutions table({.partitions = dataplane::kPartitions, .keys_per_partition = made_for});
    for (std::uint32_t i = 0; i < kKeys; ++i) {
      table.told(tests::host(i / 16), tests::host(1 << 24 | i), ToldBy::kAnswer, kNoon, 60);
    }
    std::uint64_t held = 0;
    for (std::uint32_t i = 0; i < kKeys; ++i) {
      held += table.judge(tests::host(i / 16), tests::host(1 << 24 | i), kNoon).has_value();
    }
    EXPECT_EQ(held + table.table.evicted(), kKeys) << made_for;
    EXPECT_GT(held, dataplane::kPartitions * made_for * 6) << "of seven places for each";
  }
}

TEST(ResolutionTable, AsManyKeysAsItIsMadeForAreAllHeld) {
  Resolutions table({.partitions = dataplane::kPartitions, .keys_per_partition = 2048});
  for (std::uint32_t i = 0; i < 2048 * 64; ++i) {
    table.told(tests::host(i), tests::host(1 << 24 | i), ToldBy::kAnswer, kNoon, 60);
  }
  EXPECT_EQ(table.table.evicted(), 0u);
  EXPECT_EQ(table.table.bytes(), 64u * 2048 * 112);
}

TEST(ResolutionTable, AFloodInOnePartitionCostsTheOthersNothing) {
  Resolutions table({.partitions = dataplane::kPartitions, .keys_per_partition = 64});
  const wire::Address flooded = tests::host(0);
  const unsigned partition = dataplane::partition_of(flooded);
  for (std::uint32_t i = 1; i < 1000; ++i) table.told(tests::host(i), flooded, ToldBy::kAnswer, kNoon, 1);
  const std::uint64_t before = table.table.evicted();
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    table.told(flooded, tests::host(1 << 24 | i), ToldBy::kAnswer, kNoon, 500);
  }
  EXPECT_GT(table.table.evicted(partition), 90'000u);
  EXPECT_EQ(table.table.evicted() - before, table.table.evicted(partition));
  for (std::uint32_t i = 1; i < 1000; ++i) {
    if (dataplane::partition_of(tests::host(i)) == partition) continue;
    ASSERT_EQ(table.judge(tests::host(i), flooded, kNoon), ToldBy::kAnswer) << i;
  }
}

// Shards own the partitions p with p % shards = their number, and share the hash.
TEST(ResolutionTable, WhatIsGivenUpDoesNotDependOnTheNumberOfShards) {
  constexpr ResolutionSettings kSmall = {.partitions = dataplane::kPartitions, .keys_per_partition = 64};
  const KeyedHash hash;
  for (const unsigned shards : {2u, 3u, 64u}) {
    ResolutionTable one(kSmall, hash);
    std::vector<std::unique_ptr<ResolutionTable>> several;
    ResolutionSettings share = kSmall;
    share.partitions = (dataplane::kPartitions + shards - 1) / shards;
    for (unsigned i = 0; i < shards; ++i) several.push_back(std::make_unique<ResolutionTable>(share, hash));
    std::mt19937 random(shards);
    for (std::uint32_t i = 0; i < 100'000; ++i) {
      const auto client = tests::host(random() % 1000);
      const std::uint64_t key = hash(client, tests::host(random() % 1000));
      const unsigned partition = dataplane::partition_of(client);
      ResolutionTable& shard = *several[partition % shards];
      const std::uint32_t now_s = kNoon + i / 1000;
      const std::uint32_t ttl_s = random() % 1000;
      one.told(partition, key, ToldBy::kAnswer, now_s, ttl_s);
      shard.told(partition / shards, key, ToldBy::kAnswer, now_s, ttl_s);
      const std::uint64_t asked = hash(client, tests::host(random() % 1000));
      ASSERT_EQ(one.judge(partition, asked, now_s), shard.judge(partition / shards, asked, now_s));
    }
    std::uint64_t evicted = 0;
    for (const auto& shard : several) evicted += shard->evicted();
    EXPECT_EQ(evicted, one.evicted());
    EXPECT_GT(evicted, 1000u);
  }
}

}  // namespace
