#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "aggregator/address_filter.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/recent_addresses.h"
#include "aggregator/told_addresses.h"
#include "tests/support/events.h"

namespace {

using aggregator::AddressFilter;
using aggregator::filter_hash;
using aggregator::KeyedHash;
using aggregator::RecentAddresses;
using aggregator::ToldAddressCollector;
using aggregator::ToldAddresses;

constexpr std::uint32_t kNoon = 1'700'000'000;
constexpr std::size_t kSmallFilter = 4096;  // 64 blocks: 64 hashes, then bits

AddressFilter filter_of(const ToldAddresses& told, std::size_t bytes = kSmallFilter) {
  AddressFilter filter(bytes);
  told.add_to(filter);
  return filter;
}

TEST(AddressFilter, HoldsWhatWasAddedUntilItIsCleared) {
  const KeyedHash hash;
  AddressFilter filter(kSmallFilter);
  for (std::uint32_t i = 0; i < 300; ++i) filter.add(filter_hash(hash, tests::host(i)));
  for (std::uint32_t i = 0; i < 300; ++i)
    EXPECT_TRUE(filter.contains(filter_hash(hash, tests::host(i)))) << i;
  filter.clear_block(filter_hash(hash, tests::host(7)));
  EXPECT_FALSE(filter.contains(filter_hash(hash, tests::host(7))));
  filter.clear();
  EXPECT_EQ(filter, AddressFilter(kSmallFilter));
}

TEST(AddressFilter, AddingSaysWhetherItChangedAnything) {
  std::mt19937_64 random(1);
  AddressFilter filter(kSmallFilter);
  int changed = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t hash = random();
    const AddressFilter before = filter;
    const bool held = filter.contains(hash);
    const bool added = filter.add(hash);
    ASSERT_EQ(added, !held);
    ASSERT_EQ(added, !(filter == before));
    changed += added;
  }
  EXPECT_GT(changed, 1000);
  EXPECT_LT(changed, 9000);
}

TEST(AddressFilter, TheUnionHoldsWhatOneFilterWouldHold) {
  std::mt19937_64 random(1);
  AddressFilter one(1000);  // not a power of two
  AddressFilter first(1000);
  AddressFilter second(1000);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t hash = random();
    one.add(hash);
    (i % 3 == 0 ? first : second).add(hash);
  }
  first |= second;
  EXPECT_EQ(first, one);
  EXPECT_EQ(first.bytes(), 1024u);
}

// An address not added is found if each of its eight bits was set by one of those that share its block, of
// which there are as many as chance will have (Poisson).
double expected_share(double addresses_per_block) {
  double share = 0;
  double odds = std::exp(-addresses_per_block);
  for (int others = 0; others < 1000; ++others) {
    share += odds * std::pow(1 - std::pow(63.0 / 64, others), 8);
    odds *= addresses_per_block / (others + 1);
  }
  return share;
}

double found_though_not_added(const KeyedHash& hash, std::uint32_t addresses, std::uint32_t stride) {
  constexpr std::uint32_t kOthers = 200'000;
  AddressFilter filter(1 << 16);
  for (std::uint32_t i = 0; i < addresses; ++i) filter.add(filter_hash(hash, tests::host(i * stride)));
  std::uint32_t found = 0;
  for (std::uint32_t i = addresses; i < addresses + kOthers; ++i) {
    found += filter.contains(filter_hash(hash, tests::host(i * stride)));
  }
  return static_cast<double>(found) / kOthers;
}

// Neighbours, every fourth address, one of each network of 256: no row of addresses fares worse than others,
// whatever the key.
TEST(AddressFilter, FindsAsManyThatWereNotAddedAsChanceExplains) {
  for (int key = 0; key < 10; ++key) {
    const KeyedHash hash;
    for (const std::uint32_t stride : {1u, 4u, 256u}) {
      for (const unsigned bits_each : {8u, 16u}) {
        const double expected = expected_share(512.0 / bits_each);
        const double found = found_though_not_added(hash, (1 << 16) * 8 / bits_each, stride);
        EXPECT_LT(found, 1.5 * expected) << stride << ' ' << bits_each;
        EXPECT_GT(found, 0.5 * expected) << stride << ' ' << bits_each;
      }
    }
  }
}

// Draws twenty windows of `draws` addresses each, and gathers them in one shard and in `shards`.
void expect_sum_of_shards_to_be_what_one_counts(unsigned shards, std::uint32_t draws,
                                                std::uint32_t addresses) {
  std::mt19937 random(draws + shards);
  const KeyedHash hash;
  ToldAddressCollector one(kSmallFilter, hash);
  std::vector<ToldAddressCollector> several(shards, ToldAddressCollector(kSmallFilter, hash));
  for (int window = 0; window < 20; ++window) {
    AddressFilter exact(kSmallFilter);
    for (std::uint32_t i = 0; i < draws; ++i) {
      const std::uint64_t told = one.hash_of(tests::host(random() % addresses));
      one.add(told);
      several[random() % shards].add(told);
      exact.add(told);
    }
    ToldAddresses sum(kSmallFilter);
    for (auto& shard : several) sum += shard.close();
    EXPECT_EQ(filter_of(sum), exact) << shards << ' ' << draws << ' ' << window;
    EXPECT_EQ(filter_of(one.close()), exact) << draws << ' ' << window;
    EXPECT_LE(sum.bytes(), kSmallFilter);
  }
}

TEST(ToldAddresses, TheSumOfShardsIsWhatOneShardCounts) {
  for (const unsigned shards : {1u, 2u, 7u}) {
    for (const std::uint32_t draws : {0u, 1u, 60u, 64u, 65u, 130u, 1000u}) {
      expect_sum_of_shards_to_be_what_one_counts(shards, draws, 30);
      expect_sum_of_shards_to_be_what_one_counts(shards, draws, 1'000'000);
    }
  }
}

TEST(ToldAddresses, AWindowCostsEightBytesForEachAddressAndAtMostTheFilter) {
  const KeyedHash hash;
  ToldAddressCollector collector(1 << 20, hash);
  EXPECT_EQ(collector.close().bytes(), 0u);
  for (std::uint32_t i = 0; i < 100'000; ++i) collector.add(filter_hash(hash, tests::host(i % 1000)));
  EXPECT_EQ(collector.close().bytes(), 8000u);
  for (std::uint32_t i = 0; i < 100'000; ++i) collector.add(filter_hash(hash, tests::host(i)));
  EXPECT_EQ(collector.close().bytes(), 1u << 20);
  EXPECT_EQ(collector.close().bytes(), 0u);
}

TEST(ToldAddresses, WindowsThatNobodyTakesAddUpToAFilterAtMost) {
  const KeyedHash hash;
  ToldAddressCollector collector(kSmallFilter, hash);
  ToldAddresses sum(kSmallFilter);
  AddressFilter exact(kSmallFilter);
  for (std::uint32_t i = 0; i < 2000; ++i) {
    collector.add(collector.hash_of(tests::host(i)));
    exact.add(collector.hash_of(tests::host(i)));
    if (i % 10 == 9) sum += collector.close();
    ASSERT_LE(sum.bytes(), kSmallFilter);
  }
  EXPECT_EQ(filter_of(sum), exact);
}

ToldAddresses told(const KeyedHash& hash, const std::vector<wire::Address>& addresses) {
  ToldAddressCollector collector(kSmallFilter, hash);
  for (const wire::Address& address : addresses) collector.add(filter_hash(hash, address));
  return collector.close();
}

TEST(RecentAddresses, RemembersForTheHorizonAndAGenerationLongerAtMost) {
  for (const std::uint32_t horizon_s : {1u, 7u, 60u, 100u}) {
    for (std::uint32_t offset = 0; offset < 40; ++offset) {
      const KeyedHash hash;
      const std::uint32_t generation_s = (horizon_s + 6) / 7;
      RecentAddresses recent({.horizon_s = horizon_s, .generations = 8, .filter_bytes = kSmallFilter}, hash);
      const std::uint32_t second = kNoon + offset;
      recent.add(told(hash, {tests::host(1)}), second);
      for (std::uint32_t later = 0; later <= horizon_s; ++later) {
        if (later != 0) recent.add(told(hash, {tests::host(2)}), second + later);
        ASSERT_TRUE(recent.contains(tests::host(1), second + later)) << horizon_s << ' ' << later;
      }
      EXPECT_FALSE(recent.contains(tests::host(1), second + horizon_s + generation_s))
          << "without new windows";
      recent.add(told(hash, {tests::host(2)}), second + horizon_s + generation_s);
      EXPECT_FALSE(recent.contains(tests::host(1), second + horizon_s + generation_s)) << "with new windows";
      EXPECT_TRUE(recent.contains(tests::host(2), second + horizon_s + generation_s));
    }
  }
}

TEST(RecentAddresses, FindsWhatAMapOfLastTimesFinds) {
  constexpr std::uint32_t kHorizon = 70;
  constexpr std::uint32_t kGeneration = 10;
  std::mt19937 random(1);
  const KeyedHash hash;
  RecentAddresses recent({.horizon_s = kHorizon, .generations = 8, .filter_bytes = 1 << 16}, hash);
  std::map<std::uint32_t, std::uint32_t> last_told_s;
  std::uint32_t now_s = kNoon;
  int remembered = 0;
  int forgotten = 0;
  for (int window = 0; window < 3000; ++window) {
    now_s += random() % 50 == 0 ? random() % 200 : random() % 3;
    const std::uint32_t at_s = now_s - random() % 5;
    std::vector<wire::Address> addresses;
    for (unsigned i = random() % 4; i > 0; --i) {
      const std::uint32_t number = random() % 300;
      addresses.push_back(tests::host(number));
      last_told_s[number] = std::max(last_told_s[number], at_s);
    }
    recent.add(told(hash, addresses), at_s);
    for (const auto& [number, told_s] : last_told_s) {
      const bool found = recent.contains(tests::host(number), now_s);
      if (told_s + kHorizon >= now_s) {
        ASSERT_TRUE(found) << window;
        ++remembered;
      } else if (told_s + kHorizon + kGeneration <= now_s) {
        ASSERT_FALSE(found) << window;
        ++forgotten;
      }
    }
  }
  EXPECT_GT(remembered, 10'000);
  EXPECT_GT(forgotten, 10'000);
}

TEST(RecentAddresses, AMomentInTheFarFutureDoesNotLastForEver) {
  const KeyedHash hash;
  RecentAddresses recent({.filter_bytes = kSmallFilter}, hash);
  recent.add(told(hash, {tests::host(1)}), 0xFFFFFFFF);
  for (std::uint32_t i = 0; i < 2 * 3600; ++i) recent.add(told(hash, {tests::host(2)}), kNoon + i);
  EXPECT_TRUE(recent.contains(tests::host(2), kNoon + 2 * 3600));
  EXPECT_FALSE(recent.contains(tests::host(1), kNoon + 2 * 3600));
}

TEST(RecentAddresses, AnotherHashFindsNothing) {
  const KeyedHash hash;
  RecentAddresses recent({.filter_bytes = 1 << 20}, KeyedHash());
  std::vector<wire::Address> addresses;
  for (std::uint32_t i = 0; i < 60; ++i) addresses.push_back(tests::host(i));
  AddressFilter filter(1 << 20);
  ToldAddressCollector collector(1 << 20, hash);
  for (const auto& address : addresses) collector.add(filter_hash(hash, address));
  recent.add(collector.close(), kNoon);
  for (const auto& address : addresses) EXPECT_FALSE(recent.contains(address, kNoon));
}

}  // namespace
