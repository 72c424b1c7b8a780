#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "dataplane/octet_store.h"

namespace dataplane {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The same, one octet at a time.
class NaiveStore {
 public:
  void add(std::uint32_t at, const Bytes& octets) {
    for (std::size_t i = 0; i < octets.size(); ++i) octets_.emplace(at + i, octets[i]);
  }
  bool overlaps(std::uint32_t at, std::size_t size) const {
    const auto next = octets_.lower_bound(at);
    return next != octets_.end() && next->first < at + size;
  }
  std::size_t drop_before(std::uint32_t at) {
    return std::erase_if(octets_, [at](const auto& octet) { return octet.first < at; });
  }
  Bytes run_from(std::uint32_t at) const {
    Bytes run;
    for (auto octet = octets_.find(at); octet != octets_.end() && octet->first == at + run.size(); ++octet)
      run.push_back(octet->second);
    return run;
  }
  bool empty() const { return octets_.empty(); }

 private:
  std::map<std::uint64_t, std::uint8_t> octets_;
};

class OctetStoreRandom : public testing::TestWithParam<OctetStore::Join> {};

TEST_P(OctetStoreRandom, HoldsWhatAMapOfOctetsHoldsAcrossTheWrap) {
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    const std::uint32_t zero = 0xFFFFF000;  // the store counts from here, the map from 0
    OctetStore store(64, 64, GetParam());
    NaiveStore naive;
    HeldOctets held;
    std::uint32_t begin = 0;
    for (int step = 0; step < 12; ++step) {
      const std::uint32_t at = begin + random() % 6000;
      Bytes octets(1 + random() % 5000);
      for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
      ASSERT_EQ(store.overlaps(held, zero + at, octets.size()), naive.overlaps(at, octets.size()));
      ASSERT_EQ(store.add(held, zero + at, octets), octets.size());
      naive.add(at, octets);

      const Bytes expected = naive.run_from(begin);
      ASSERT_EQ(store.run_end(held, zero + begin),
                static_cast<std::uint32_t>(zero + begin + expected.size()));
      Bytes run(expected.size());
      store.copy_front(held, run);
      ASSERT_EQ(run, expected);
      if (random() % 3 == 0) {
        begin += random() % (expected.size() + 1000);
        ASSERT_EQ(store.drop_before(held, zero + begin), naive.drop_before(begin));
        ASSERT_EQ(held.empty(), naive.empty());
      }
    }
    store.clear(held);
    ASSERT_EQ(held.blocks, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Joins, OctetStoreRandom,
                         testing::Values(OctetStore::Join::kNo, OctetStore::Join::kYes));

TEST(OctetStore, NeighboursShareABlockOnlyIfTheyMay) {
  const Bytes octets(10, 1);
  for (const auto join : {OctetStore::Join::kNo, OctetStore::Join::kYes}) {
    OctetStore store(8, 8, join);
    HeldOctets held;
    store.add(held, 0, octets);
    store.add(held, 10, octets);
    EXPECT_EQ(held.blocks, join == OctetStore::Join::kYes ? 1u : 2u);
  }
}

TEST(OctetStore, OneSequenceCannotTakeMoreThanItsShare) {
  OctetStore store(8, 2, OctetStore::Join::kYes);
  HeldOctets held;
  const Bytes octets(5 * OctetStore::kBlockBytes, 7);
  const std::size_t kept = store.add(held, 0, octets);
  EXPECT_GT(kept, OctetStore::kBlockBytes);
  EXPECT_LT(kept, 2 * OctetStore::kBlockBytes);
  EXPECT_EQ(held.blocks, 2u);
  EXPECT_FALSE(store.exhausted());
}

TEST(OctetStore, ClearedBlocksServeTheNextSequence) {
  OctetStore store(2, 2, OctetStore::Join::kYes);
  const Bytes octets(2 * (OctetStore::kBlockBytes - 16), 7);
  for (int i = 0; i < 10; ++i) {
    HeldOctets held;
    ASSERT_EQ(store.add(held, 0, octets), octets.size());
    ASSERT_TRUE(store.exhausted());
    ASSERT_EQ(store.clear(held), octets.size());
    ASSERT_FALSE(store.exhausted());
  }
}

TEST(OctetStore, TellsAnExactCopyFromAllOtherOverlaps) {
  OctetStore store(16, 16, OctetStore::Join::kNo);
  HeldOctets held;
  Bytes octets(5000, 9);  // over several blocks
  store.add(held, 8, octets);
  store.add(held, 5008, octets);
  EXPECT_TRUE(store.holds_exactly(held, 8, octets));
  EXPECT_TRUE(store.holds_exactly(held, 5008, octets));
  for (std::size_t size = 1; size < octets.size(); ++size)
    ASSERT_FALSE(store.holds_exactly(held, 8, std::span(octets).first(size))) << "only " << size;
  EXPECT_FALSE(store.holds_exactly(held, 8, Bytes(10000, 9))) << "as long as both";
  EXPECT_FALSE(store.holds_exactly(held, 16, octets)) << "elsewhere";
  octets.back() = 8;
  EXPECT_FALSE(store.holds_exactly(held, 8, octets)) << "another content";
}

}  // namespace
}  // namespace dataplane
