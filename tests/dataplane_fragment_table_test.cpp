#include <algorithm>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "dataplane/fragment_table.h"

namespace dataplane {
namespace {

using wire::Verdict;
using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t kSecond = 1'000'000'000;

wire::Address v4(std::uint8_t last) {
  const std::uint8_t bytes[] = {192, 0, 2, last};
  return wire::Address::v4(bytes);
}
wire::Address v6(std::uint8_t last) {
  const std::uint8_t bytes[16] = {0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
  return wire::Address::v6(bytes);
}

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  return bytes;
}

struct Part {
  std::size_t offset;
  std::size_t size;
};

class Fragments : public testing::Test {
 protected:
  wire::Packet packet(std::uint32_t id, const Bytes& datagram, Part part) const {
    wire::Packet packet;
    packet.source = v4(1);
    packet.destination = v4(2);
    packet.payload = std::span(datagram).subspan(part.offset, part.size);
    packet.fragment = {id, static_cast<std::uint32_t>(part.offset), part.offset + part.size < datagram.size(),
                       wire::kProtocolUdp};
    return packet;
  }
  FragmentTable::Result add(const wire::Packet& packet, std::int64_t time_ns = 0) {
    return table_.add(packet, time_ns);
  }
  Verdict verdict(const wire::Packet& packet, std::int64_t time_ns = 0) {
    const auto result = add(packet, time_ns);
    EXPECT_FALSE(result.whole);
    return result.verdict;
  }
  static void expect_whole(const FragmentTable::Result& result, const Bytes& datagram) {
    ASSERT_TRUE(result.whole);
    EXPECT_EQ(Bytes(result.payload.begin(), result.payload.end()), datagram);
  }

  const Bytes datagram_ = counted(100);
  Ledger ledger_;
  FragmentTable table_{ledger_};
};

TEST_F(Fragments, EveryOrderGivesTheDatagramWithItsLastFragment) {
  const Bytes datagram = counted(6 * 1480 + 3);
  std::vector<Part> parts;
  for (std::size_t at = 0; at < datagram.size(); at += 1480)
    parts.push_back({at, std::min<std::size_t>(1480, datagram.size() - at)});
  std::vector<int> order(parts.size());
  std::iota(order.begin(), order.end(), 0);
  std::uint32_t id = 0;
  do {
    ++id;
    for (std::size_t i = 0; i + 1 < order.size(); ++i)
      ASSERT_EQ(verdict(packet(id, datagram, parts[order[i]])), Verdict::kFragment);
    expect_whole(add(packet(id, datagram, parts[order.back()])), datagram);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(id, 5040u);
  EXPECT_EQ(ledger_.fragments_evicted, 0u);
}

TEST_F(Fragments, TheLongestDatagramOfTheSmallestFragmentsALinkMayHave) {
  const Bytes datagram = counted(65535);
  const std::size_t size = 552;  // of a 576-octet packet (RFC 791)
  for (std::size_t at = 0; at + size < datagram.size(); at += size)
    ASSERT_EQ(verdict(packet(1, datagram, {at, size})), Verdict::kFragment);
  const std::size_t last = datagram.size() / size * size;
  expect_whole(add(packet(1, datagram, {last, datagram.size() - last})), datagram);
}

TEST_F(Fragments, AnExactCopyOfAFragmentIsIgnored) {
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48})), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48})), Verdict::kFragment);
  expect_whole(add(packet(1, datagram_, {48, 52})), datagram_);
}

TEST_F(Fragments, AnOverlapDropsTheDatagramAndWhatComesLater) {
  const Part overlaps[] = {{40, 16}, {0, 40}, {8, 8}, {0, 96}, {16, 84}};
  std::uint32_t id = 0;
  for (const Part overlap : overlaps) {
    ++id;
    ASSERT_EQ(verdict(packet(id, datagram_, {0, 48})), Verdict::kFragment);
    EXPECT_EQ(verdict(packet(id, datagram_, overlap)), Verdict::kFragmentOverlap);
    EXPECT_EQ(verdict(packet(id, datagram_, {48, 52})), Verdict::kFragmentOverlap);
    EXPECT_EQ(verdict(packet(id, datagram_, {0, 48})), Verdict::kFragmentOverlap);
  }
  EXPECT_EQ(ledger_.fragments_evicted, 0u) << "an overlap has a verdict of its own";
}

TEST_F(Fragments, ACopyWithAnotherContentIsAnOverlap) {
  Bytes other = datagram_;
  other[20] ^= 1;
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48})), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(1, other, {0, 48})), Verdict::kFragmentOverlap);
}

TEST_F(Fragments, TwoEndsOfOneDatagramAreBad) {
  const Bytes longer = counted(120);
  EXPECT_EQ(verdict(packet(1, datagram_, {48, 52})), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(1, longer, {104, 16})), Verdict::kFragmentBad) << "a second, later end";
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48})), Verdict::kFragmentBad) << "the datagram is given up";

  EXPECT_EQ(verdict(packet(2, longer, {96, 8})), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(2, datagram_, {48, 52})), Verdict::kFragmentBad) << "ends before what is there";
}

TEST_F(Fragments, WhatCannotBePlacedIsBad) {
  auto odd = packet(1, datagram_, {0, 50});
  EXPECT_EQ(verdict(odd), Verdict::kFragmentBad) << "more follow, yet no multiple of 8";
  auto beyond = packet(1, datagram_, {0, 16});
  beyond.fragment.offset = 65528;
  EXPECT_EQ(verdict(beyond), Verdict::kFragmentBad) << "65544 octets";
  beyond.payload = beyond.payload.first(8);
  beyond.fragment.more = false;
  EXPECT_EQ(verdict(beyond), Verdict::kFragmentBad) << "65536 octets";
  beyond.payload = beyond.payload.first(7);
  EXPECT_EQ(verdict(beyond), Verdict::kFragment) << "65535 octets";
  EXPECT_EQ(verdict(packet(2, datagram_, {0, 0})), Verdict::kFragmentBad) << "empty";
  auto cut = packet(3, datagram_, {0, 48});
  cut.cut = true;
  EXPECT_EQ(verdict(cut), Verdict::kFragmentBad) << "the rest of it will never come";
  EXPECT_EQ(verdict(packet(2, datagram_, {0, 48})), Verdict::kFragment) << "a bad one spoils nothing";
  expect_whole(add(packet(2, datagram_, {48, 52})), datagram_);
}

TEST_F(Fragments, DatagramsAreToldApartByAllThatRfc791Names) {
  const auto half = [&](auto change) {
    auto first = packet(1, datagram_, {0, 48});
    change(first);
    return first;
  };
  EXPECT_EQ(verdict(half([](auto&) {})), Verdict::kFragment);
  EXPECT_EQ(verdict(half([](auto& p) { p.source = v4(9); })), Verdict::kFragment);
  EXPECT_EQ(verdict(half([](auto& p) { p.destination = v4(9); })), Verdict::kFragment);
  EXPECT_EQ(verdict(half([](auto& p) { p.fragment.protocol = 1; })), Verdict::kFragment);
  EXPECT_EQ(verdict(half([](auto& p) { p.fragment.id = 9; })), Verdict::kFragment);
  auto rest = packet(1, datagram_, {48, 52});
  rest.fragment.protocol = 1;
  EXPECT_EQ(add(rest).protocol, 1);
  rest.fragment.protocol = wire::kProtocolUdp;
  EXPECT_EQ(add(rest).protocol, wire::kProtocolUdp);
}

TEST_F(Fragments, OfAnIpv6DatagramTheFirstFragmentTellsTheProtocol) {
  auto first = packet(0x12345678, datagram_, {0, 48});
  auto last = packet(0x12345678, datagram_, {48, 52});
  for (auto* part : {&first, &last}) part->source = v6(1), part->destination = v6(2);
  last.fragment.protocol = 60;
  for (const auto& [early, late] : {std::pair(last, first), std::pair(first, last)}) {
    EXPECT_EQ(verdict(early), Verdict::kFragment);
    const auto result = add(late);
    expect_whole(result, datagram_);
    EXPECT_EQ(result.protocol, wire::kProtocolUdp);
  }
}

TEST_F(Fragments, AnAtomicFragmentIsWholeAndLeavesOthersAlone) {
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48})), Verdict::kFragment);
  const auto atomic = add(packet(1, datagram_, {0, 100}));
  expect_whole(atomic, datagram_);
  EXPECT_EQ(atomic.payload.data(), datagram_.data()) << "no copy";
  expect_whole(add(packet(1, datagram_, {48, 52})), datagram_);
}

TEST_F(Fragments, AFragmentMayLieInTheDatagramBefore) {
  const Bytes inner = counted(64);
  ASSERT_EQ(verdict(packet(2, inner, {32, 32})), Verdict::kFragment);
  ASSERT_EQ(verdict(packet(1, inner, {0, 32})), Verdict::kFragment);
  auto outer = add(packet(1, inner, {32, 32}));
  auto tunnelled = packet(2, inner, {0, 32});
  tunnelled.payload = outer.payload.first(32);
  expect_whole(add(tunnelled), inner);
}

TEST_F(Fragments, WhatIsOlderThanTheTimeoutIsGivenUpAndCounted) {
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48}), 0), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(2, datagram_, {0, 48}), kSecond), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(1, datagram_, {48, 52}), 31 * kSecond - 1), Verdict::kFragment);
  EXPECT_EQ(ledger_.fragments_evicted, 1u);
  expect_whole(add(packet(2, datagram_, {48, 52}), 31 * kSecond), datagram_);
}

TEST_F(Fragments, TimeThatGoesBackMakesNothingOld) {
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48}), 100 * kSecond), Verdict::kFragment);
  expect_whole(add(packet(1, datagram_, {48, 52}), -100 * kSecond), datagram_);
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(verdict(packet(2, datagram_, {0, 48}), least), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(2, datagram_, {48, 52}), std::numeric_limits<std::int64_t>::max()),
            Verdict::kFragment);
  EXPECT_EQ(ledger_.fragments_evicted, 1u);
}

TEST_F(Fragments, ATimeFromTheFutureDoesNotKeepOldFragmentsAlive) {
  EXPECT_EQ(verdict(packet(1, datagram_, {0, 48}), 100 * kSecond), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(2, datagram_, {0, 48}), 0), Verdict::kFragment);
  EXPECT_EQ(verdict(packet(2, datagram_, {48, 52}), 31 * kSecond), Verdict::kFragment);
  EXPECT_EQ(ledger_.fragments_evicted, 1u);
}

TEST_F(Fragments, AFullTableGivesUpTheOldestDatagram) {
  FragmentTable small(ledger_, {.datagrams = 3});
  for (std::uint32_t id = 1; id <= 4; ++id) small.add(packet(id, datagram_, {0, 48}), id);
  EXPECT_EQ(ledger_.fragments_evicted, 1u);
  for (std::uint32_t id = 2; id <= 4; ++id)
    EXPECT_TRUE(small.add(packet(id, datagram_, {48, 52}), 5).whole) << id;
  EXPECT_FALSE(small.add(packet(1, datagram_, {48, 52}), 5).whole);
}

TEST_F(Fragments, WhenTheBlocksRunOutTheOldestDatagramsMakeRoom) {
  FragmentTable small(ledger_, {.blocks = 4, .blocks_per_datagram = 4});
  for (std::uint32_t id = 1; id <= 3; ++id) small.add(packet(id, datagram_, {0, 48}), 0);
  const Bytes large = counted(4008);
  EXPECT_FALSE(small.add(packet(4, large, {0, 4000}), 0).whole);
  EXPECT_EQ(ledger_.fragments_evicted, 1u) << "two blocks are needed, one was free";
  EXPECT_TRUE(small.add(packet(4, large, {4000, 8}), 0).whole) << "another one has gone";
  EXPECT_EQ(ledger_.fragments_evicted, 2u);
  EXPECT_TRUE(small.add(packet(3, datagram_, {48, 52}), 0).whole);
}

TEST_F(Fragments, ADatagramThatNeedsMoreThanAllBlocksIsGivenUpItself) {
  FragmentTable small(ledger_, {.blocks = 2, .blocks_per_datagram = 8});
  const Bytes large = counted(8008);
  EXPECT_EQ(small.add(packet(1, large, {0, 8000}), 0).verdict, Verdict::kFragment);
  EXPECT_EQ(ledger_.fragments_evicted, 1u);
  EXPECT_FALSE(small.add(packet(1, large, {8000, 8}), 0).whole);
  EXPECT_FALSE(small.add(packet(2, datagram_, {0, 48}), 0).whole);
  expect_whole(small.add(packet(2, datagram_, {48, 52}), 0), datagram_);
}

TEST_F(Fragments, ADatagramOfTooManyFragmentsIsGivenUp) {
  FragmentTable small(ledger_, {.blocks_per_datagram = 8});
  for (std::size_t at = 0; at < 72; at += 8) small.add(packet(1, datagram_, {at, 8}), 0);
  EXPECT_EQ(ledger_.fragments_evicted, 1u);
  EXPECT_FALSE(small.add(packet(1, datagram_, {72, 28}), 0).whole);
}

TEST_F(Fragments, AFloodLeavesNothingBehindThatAnHonestDatagramMisses) {
  FragmentTable small(ledger_, {.datagrams = 64, .blocks = 64});
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    const std::size_t at = 8 * (random() % 6);
    small.add(packet(random(), datagram_, {at, 8 * (1 + random() % 6)}), i);
  }
  EXPECT_GT(ledger_.fragments_evicted, 15000u);
  EXPECT_FALSE(small.add(packet(1, datagram_, {0, 48}), 20000).whole);
  expect_whole(small.add(packet(1, datagram_, {48, 52}), 20000), datagram_);
}

// A second implementation: all fragments of a datagram in a list, judged anew each time.
struct NaiveDatagram {
  std::vector<wire::Packet> parts;
  Verdict why = Verdict::kFragment;

  std::optional<Bytes> add(const wire::Packet& packet) {
    const auto begin_of = [](const wire::Packet& p) { return p.fragment.offset; };
    const auto end_of = [](const wire::Packet& p) { return p.fragment.offset + p.payload.size(); };
    if (why != Verdict::kFragment) return std::nullopt;
    for (const auto& part : parts) {
      if (!part.fragment.more &&
          (end_of(packet) > end_of(part) || (!packet.fragment.more && end_of(packet) != end_of(part))))
        return why = Verdict::kFragmentBad, std::nullopt;
      if (!packet.fragment.more && end_of(part) > end_of(packet))
        return why = Verdict::kFragmentBad, std::nullopt;
    }
    for (const auto& part : parts) {
      if (begin_of(part) >= end_of(packet) || begin_of(packet) >= end_of(part)) continue;
      const bool copy =
          begin_of(part) == begin_of(packet) && std::ranges::equal(part.payload, packet.payload);
      if (copy) return std::nullopt;
      return why = Verdict::kFragmentOverlap, std::nullopt;
    }
    parts.push_back(packet);
    std::ranges::sort(parts, {}, begin_of);
    Bytes whole;
    for (const auto& part : parts) {
      if (begin_of(part) != whole.size()) return std::nullopt;
      whole.insert(whole.end(), part.payload.begin(), part.payload.end());
    }
    if (parts.back().fragment.more) return std::nullopt;
    return whole;
  }
};

TEST_F(Fragments, RandomFragmentsEndAsInANaiveTable) {
  std::mt19937 random(3);
  int wholes = 0;
  std::array<int, wire::kVerdicts> verdicts{};
  for (std::uint32_t id = 1; id < 3000; ++id) {
    const Bytes datagram = counted(8 * (1 + random() % 5) + random() % 8);
    NaiveDatagram naive;
    for (int step = 0; step < 12; ++step) {
      const std::size_t at = 8 * (random() % ((datagram.size() + 7) / 8));
      const std::size_t size = std::min<std::size_t>(8 * (1 + random() % 2), datagram.size() - at);
      auto fragment = packet(id, datagram, {at, size});
      if (random() % 64 == 0) fragment.fragment.more = !fragment.fragment.more;
      if (fragment.fragment.more && size % 8 != 0) continue;
      if (at == 0 && !fragment.fragment.more) continue;
      const auto expected = naive.add(fragment);
      const auto result = add(fragment);
      ASSERT_EQ(result.whole, expected.has_value());
      if (expected) {
        ASSERT_EQ(Bytes(result.payload.begin(), result.payload.end()), *expected);
        ++wholes;
        break;
      }
      ASSERT_EQ(result.verdict, naive.why);
      ++verdicts[static_cast<std::size_t>(result.verdict)];
    }
  }
  EXPECT_GT(wholes, 100);
  EXPECT_GT(verdicts[static_cast<std::size_t>(Verdict::kFragmentOverlap)], 100);
  EXPECT_GT(verdicts[static_cast<std::size_t>(Verdict::kFragmentBad)], 100);
}

TEST(FragmentSettings, OutOfBoundsAreRefusedInASentence) {
  Ledger ledger;
  EXPECT_THROW(FragmentTable(ledger, {.datagrams = 0}), std::invalid_argument);
  EXPECT_THROW(FragmentTable(ledger, {.blocks = (1U << 20) + 1}), std::invalid_argument);
  EXPECT_THROW(FragmentTable(ledger, {.blocks_per_datagram = 0}), std::invalid_argument);
  EXPECT_THROW(FragmentTable(ledger, {.timeout_ns = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace dataplane
