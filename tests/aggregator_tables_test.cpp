#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "aggregator/client_table.h"
#include "aggregator/delay_histogram.h"
#include "aggregator/hash_index.h"
#include "aggregator/huge_array.h"
#include "dataplane/partition.h"
#include "tests/support/events.h"

namespace {

using aggregator::DelayHistogram;
using aggregator::HashIndex;

TEST(HashIndex, FindsWhatAMapFindsThroughGrowthErasureAndCollisions) {
  std::mt19937 random(1);
  HashIndex index(20'000);
  std::map<std::uint32_t, std::uint64_t> hash_by_place;
  const auto collides = [](std::uint32_t place) { return std::uint64_t{place} / 5 * 0x01000193; };
  for (int i = 0; i < 200'000; ++i) {
    const auto place = static_cast<std::uint32_t>(random() % 20'000);
    const auto known = hash_by_place.find(place);
    if (known == hash_by_place.end()) {
      index.insert(collides(place), place);
      hash_by_place[place] = collides(place);
    } else if (i % 3 != 0) {
      index.erase(known->second, place);
      hash_by_place.erase(known);
    }
  }
  EXPECT_EQ(index.size(), hash_by_place.size());
  for (std::uint32_t place = 0; place < 20'000; ++place) {
    const auto found = index.find(collides(place), [&](std::uint32_t at) { return at == place; });
    EXPECT_EQ(found, hash_by_place.count(place) != 0 ? place : HashIndex::kNone);
  }
}

TEST(HashIndex, MovedKeysAreFoundAtTheirNewPlaceAndClearForgetsAll) {
  HashIndex index(10'000);
  for (std::uint32_t place = 0; place < 5000; ++place) index.insert(place % 100, place);
  for (std::uint32_t place = 0; place < 5000; ++place) index.move(place % 100, place, place + 5000);
  for (std::uint32_t place = 0; place < 5000; ++place) {
    EXPECT_EQ(index.find(place % 100, [&](std::uint32_t at) { return at == place + 5000; }), place + 5000);
    EXPECT_EQ(index.find(place % 100, [&](std::uint32_t at) { return at == place; }), HashIndex::kNone);
  }
  index.clear();
  EXPECT_EQ(index.candidate(7), HashIndex::kNone);
  index.insert(7, 1);
  EXPECT_EQ(index.candidate(7), 1u);
}

TEST(HashIndex, ACandidateIsNearlyAlwaysTheKeyAndNeverOneThatIsGone) {
  HashIndex index(10'000);
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> hashes(10'000);
  for (std::uint64_t& hash : hashes) hash = random();
  for (std::uint32_t place = 0; place < hashes.size(); ++place) index.insert(hashes[place], place);
  for (std::uint32_t place = 0; place < hashes.size(); place += 2) index.erase(hashes[place], place);
  unsigned right = 0;
  for (std::uint32_t place = 0; place < hashes.size(); ++place) {
    const std::uint32_t candidate = index.candidate(hashes[place]);
    EXPECT_TRUE(candidate == HashIndex::kNone || candidate % 2 == 1) << candidate;
    right += candidate == (place % 2 == 1 ? place : HashIndex::kNone);
  }
  EXPECT_GT(right, 9'900u);
}

TEST(ClientTable, AnotherClientsPlaceIsNotTakenForTheClients) {
  aggregator::ClientTable clients(1, 100);
  std::vector<std::uint32_t> likely;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const std::uint64_t hash = clients.hash_of(tests::host(i));
    clients.row(0, tests::host(i), hash, HashIndex::kNone).queries = i;
    likely.push_back(clients.prefetch_row(hash));
  }
  for (std::uint32_t i = 0; i < 100; ++i) {
    for (const std::uint32_t place : likely) {
      ASSERT_EQ(clients.row(0, tests::host(i), clients.hash_of(tests::host(i)), place).queries, i);
    }
  }
}

TEST(HugeArray, ClearingZeroesExactlyTheRange) {
  aggregator::HugeArray<std::uint64_t> array(4096);
  for (const auto& [from, to] :
       {std::pair<std::size_t, std::size_t>{3, 9}, {500, 3000}, {512, 1024}, {7, 7}}) {
    for (std::size_t i = 0; i < 4096; ++i) array[i] = i + 1;
    array.clear(from, to);
    for (std::size_t i = 0; i < 4096; ++i) ASSERT_EQ(array[i], i >= from && i < to ? 0 : i + 1) << i;
  }
}

double nearest_rank_s(std::vector<std::int64_t> delays_ns, unsigned percent) {
  std::sort(delays_ns.begin(), delays_ns.end());
  const std::size_t rank = (delays_ns.size() * percent + 99) / 100;
  return static_cast<double>(delays_ns[rank - 1]) / 1e9;
}

TEST(DelayHistogram, QuantilesOfMicrosecondDelaysAreExact) {
  std::mt19937 random(1);
  for (const std::size_t count : {1u, 2u, 3u, 10u, 99u, 100u, 101u, 5000u}) {
    DelayHistogram histogram(tests::kSecond);
    std::vector<std::int64_t> delays_ns(count);
    for (auto& delay : delays_ns)
      histogram.add(delay = static_cast<std::int64_t>(random() % 1'000'001) * 1000);
    for (const unsigned percent : {1u, 50u, 90u, 99u, 100u}) {
      EXPECT_EQ(histogram.quantile_s(percent), nearest_rank_s(delays_ns, percent)) << count << ' ' << percent;
    }
  }
}

// Those that were added last wait for their bins: here all of them, in the first group of bins, but not the
// first bin.
TEST(DelayHistogram, FewDelaysAreCountedOnce) {
  DelayHistogram histogram(tests::kSecond);
  for (const std::int64_t us : {30, 10, 20}) histogram.add(us * 1000);
  DelayHistogram sum(tests::kSecond);
  sum += histogram;
  for (const DelayHistogram* each : {&histogram, &sum}) {
    EXPECT_EQ(each->quantile_s(1), 10e-6);
    EXPECT_EQ(each->quantile_s(50), 20e-6);
    EXPECT_EQ(each->quantile_s(100), 30e-6);
  }
}

TEST(DelayHistogram, EachDelayLiesInTheBinThatSaysSo) {
  for (const std::int64_t window_ns : {std::int64_t{1}, std::int64_t{999}, tests::kSecond,
                                       std::int64_t{1'234'567'891}, 3600 * tests::kSecond}) {
    std::mt19937_64 random(1);
    std::vector<std::int64_t> delays_ns = {0, window_ns / 100, window_ns / 2, window_ns - 1, window_ns};
    for (int i = 0; i < 100; ++i) {
      delays_ns.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(window_ns + 1)));
    }
    DelayHistogram histogram(window_ns);
    for (const auto delay : delays_ns) histogram.add(delay);
    const auto bins = histogram.histogram(100);
    ASSERT_EQ(bins.size(), 100u);
    EXPECT_EQ(bins.front().from_ns, 0);
    EXPECT_EQ(bins.back().to_ns, window_ns);
    for (const auto& bin : bins) {
      const bool last = &bin == &bins.back();
      EXPECT_EQ(static_cast<std::ptrdiff_t>(bin.count),
                std::count_if(delays_ns.begin(), delays_ns.end(),
                              [&](std::int64_t delay) {
                                return delay >= bin.from_ns &&
                                       (delay < bin.to_ns || (last && delay == window_ns));
                              }))
          << window_ns << ' ' << bin.from_ns;
    }
  }
}

TEST(DelayHistogram, AddingTwoGivesWhatOneWouldHaveCounted) {
  DelayHistogram one(tests::kSecond);
  DelayHistogram first(tests::kSecond);
  DelayHistogram second(tests::kSecond);
  for (std::int64_t i = 0; i < 1000; ++i) {
    one.add(i * 777'000);
    (i % 3 == 0 ? first : second).add(i * 777'000);
  }
  first += second;
  EXPECT_EQ(first.total(), one.total());
  EXPECT_EQ(first.mean_s(), one.mean_s());
  EXPECT_DOUBLE_EQ(one.mean_s(), 0.777 * 999 / 2 / 1000);
  for (const unsigned percent : {1u, 50u, 90u, 99u, 100u}) {
    EXPECT_EQ(first.quantile_s(percent), one.quantile_s(percent)) << percent;
  }
  EXPECT_EQ(first.quantile_s(100), 776'223'000 / 1e9);
  EXPECT_EQ(DelayHistogram(tests::kSecond).quantile_s(50), 0);
}

TEST(Partition, ClientsOfOneNetworkSpreadOverAllPartitions) {
  std::vector<int> clients(dataplane::kPartitions);
  for (std::uint32_t i = 0; i < 64'000; ++i) ++clients[dataplane::partition_of(tests::host(i))];
  EXPECT_GT(*std::min_element(clients.begin(), clients.end()), 800);
  EXPECT_LT(*std::max_element(clients.begin(), clients.end()), 1200);
}

}  // namespace
