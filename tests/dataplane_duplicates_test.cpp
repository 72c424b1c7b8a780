#include <algorithm>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "dataplane/duplicates.h"

namespace dataplane {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t kWindow = 2'000'000;
constexpr std::size_t kIp = 14;  // offset of the IP header behind Ethernet

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 5);
  return bytes;
}

// Ethernet, IPv4, and `size` octets of UDP.
Bytes ipv4_frame(std::size_t size = 60) {
  Bytes frame = counted(kIp + 20 + size);
  frame[12] = 0x08, frame[13] = 0x00;
  frame[kIp] = 0x45;
  frame[kIp + 2] = static_cast<std::uint8_t>((20 + size) >> 8);
  frame[kIp + 3] = static_cast<std::uint8_t>(20 + size);
  return frame;
}

Bytes ipv6_frame(std::size_t size = 60) {
  Bytes frame = counted(kIp + 40 + size);
  frame[12] = 0x86, frame[13] = 0xDD;
  frame[kIp] = 0x60;
  frame[kIp + 4] = static_cast<std::uint8_t>(size >> 8);
  frame[kIp + 5] = static_cast<std::uint8_t>(size);
  return frame;
}

Bytes with_vlan(Bytes frame) {
  frame.insert(frame.begin() + 12, {0x81, 0x00, 0x00, 0x07});
  return frame;
}

Bytes with_bits(Bytes frame, std::size_t at, std::uint8_t bits) {
  frame[at] ^= bits;
  return frame;
}

class Mirror : public testing::Test {
 protected:
  bool seen(const Bytes& frame, std::int64_t time_ns = 0, std::size_t ip = kIp) {
    return duplicates_.seen(frame, ip, time_ns);
  }
  Ledger ledger_;
  Duplicates duplicates_{ledger_, {.window_ns = kWindow}};
};

TEST_F(Mirror, TheSecondAndTheThirdCopyAreDuplicates) {
  for (const Bytes& frame : {ipv4_frame(), ipv6_frame(), ipv4_frame(1400), ipv6_frame(0)}) {
    EXPECT_FALSE(seen(frame));
    EXPECT_TRUE(seen(frame));
    EXPECT_TRUE(seen(frame));
  }
}

TEST_F(Mirror, WhatASwitchOrARouterChangesMakesNoDifference) {
  EXPECT_FALSE(seen(ipv4_frame()));
  EXPECT_TRUE(seen(with_bits(ipv4_frame(), 0, 0xFF))) << "destination MAC address";
  EXPECT_TRUE(seen(with_bits(ipv4_frame(), 6, 0xFF))) << "source MAC address";
  EXPECT_TRUE(seen(with_bits(ipv4_frame(), kIp + 1, 0xFF))) << "DSCP and ECN";
  EXPECT_TRUE(seen(with_bits(ipv4_frame(), kIp + 8, 0xFF))) << "TTL";
  EXPECT_TRUE(seen(with_bits(with_bits(ipv4_frame(), kIp + 10, 0xFF), kIp + 11, 0xFF))) << "header checksum";
  EXPECT_TRUE(seen(with_vlan(ipv4_frame()), 0, kIp + 4)) << "VLAN tag";

  EXPECT_FALSE(seen(ipv6_frame()));
  EXPECT_TRUE(seen(with_bits(ipv6_frame(), kIp, 0x0F))) << "traffic class, upper half";
  EXPECT_TRUE(seen(with_bits(ipv6_frame(), kIp + 1, 0xF0))) << "traffic class, lower half";
  EXPECT_TRUE(seen(with_bits(ipv6_frame(), kIp + 7, 0xFF))) << "hop limit";
  EXPECT_TRUE(seen(with_vlan(ipv6_frame()), 0, kIp + 4)) << "VLAN tag";
}

TEST_F(Mirror, EveryOtherBitTellsTwoPacketsApart) {
  const auto changes_on_the_way = [](bool v4, std::size_t at, int bit) {
    if (at < kIp) return true;
    at -= kIp;
    if (v4) return at == 1 || at == 8 || at == 10 || at == 11;
    return (at == 0 && bit < 4) || (at == 1 && bit >= 4) || at == 7;
  };
  for (const bool v4 : {true, false}) {
    const Bytes frame = v4 ? ipv4_frame(200) : ipv6_frame(200);
    for (std::size_t at = kIp; at < frame.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        const bool version = at == kIp && bit >= 4;
        const bool length = v4 ? at == kIp + 2 || at == kIp + 3 : at == kIp + 4 || at == kIp + 5;
        if (version || length || changes_on_the_way(v4, at, bit)) continue;
        Duplicates fresh(ledger_, {.window_ns = kWindow, .packets = 4});
        ASSERT_FALSE(fresh.seen(frame, kIp, 0));
        ASSERT_FALSE(fresh.seen(with_bits(frame, at, static_cast<std::uint8_t>(1 << bit)), kIp, 0))
            << "octet " << at - kIp << " bit " << bit;
      }
    }
  }
}

TEST_F(Mirror, EthernetPaddingDoesNotCount) {
  Bytes padded = ipv4_frame(10);
  EXPECT_FALSE(seen(padded));
  padded.resize(60, 0xAA);
  EXPECT_TRUE(seen(padded));
}

TEST_F(Mirror, ACopyOutsideTheWindowIsAPacketOfItsOwn) {
  EXPECT_FALSE(seen(ipv4_frame(), 0));
  EXPECT_TRUE(seen(ipv4_frame(), kWindow));
  EXPECT_TRUE(seen(ipv4_frame(), 2 * kWindow)) << "counted from the second copy";
  EXPECT_FALSE(seen(ipv4_frame(), 3 * kWindow + 1));
  EXPECT_TRUE(seen(ipv4_frame(), 3 * kWindow + 1));
}

TEST_F(Mirror, TimeMayGoBack) {
  EXPECT_FALSE(seen(ipv4_frame(), 10 * kWindow));
  EXPECT_TRUE(seen(ipv4_frame(), 9 * kWindow));
  EXPECT_FALSE(seen(ipv4_frame(), 7 * kWindow));
  EXPECT_FALSE(seen(ipv4_frame(), std::numeric_limits<std::int64_t>::min()));
  EXPECT_FALSE(seen(ipv4_frame(), std::numeric_limits<std::int64_t>::max()));
}

TEST_F(Mirror, FramesWithoutIpMustBeEqualInAllBytes) {
  const Bytes arp = counted(42);
  EXPECT_FALSE(seen(arp, 0, arp.size()));
  EXPECT_TRUE(seen(arp, 0, arp.size()));
  for (std::size_t at = 0; at < arp.size(); ++at)
    EXPECT_FALSE(seen(with_bits(arp, at, 1), 0, arp.size())) << at;
}

TEST_F(Mirror, CutCopiesAreKnownByTheirHeaders) {
  const auto cut_at = [](Bytes frame, std::size_t size) { return frame.resize(size), frame; };
  EXPECT_FALSE(seen(cut_at(ipv4_frame(500), 96)));
  EXPECT_TRUE(seen(cut_at(with_vlan(ipv4_frame(500)), 96), 0, kIp + 4))
      << "the tag costs four octets of payload";
  EXPECT_TRUE(seen(ipv4_frame(500))) << "one copy whole, the other cut";
  EXPECT_FALSE(seen(cut_at(with_bits(ipv4_frame(500), kIp + 5, 1), 96))) << "another identification";
  EXPECT_FALSE(seen(cut_at(with_bits(ipv4_frame(500), kIp + 27, 1), 96))) << "another UDP checksum";
  EXPECT_FALSE(seen(cut_at(ipv4_frame(501), 96))) << "another length";
}

TEST_F(Mirror, HeadersThatLieOrEndEarlyAreNotReadBeyond) {
  Bytes frame = ipv4_frame();
  for (std::size_t size = 0; size <= frame.size(); ++size) {
    const Bytes part(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
    duplicates_.seen(part, kIp, 0);
    duplicates_.seen(part, 0, 0);
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    Bytes noise(random() % 100);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    if (!noise.empty()) noise[0] = random() % 2 ? 0x4F : 0x60;
    EXPECT_FALSE(seen(noise, i * 3 * kWindow, 0));
    EXPECT_EQ(seen(noise, i * 3 * kWindow, 0), !noise.empty());
  }
}

TEST_F(Mirror, ALengthLeftToTheNetworkCardCoversTheWholeFrame) {
  Bytes offloaded = ipv4_frame(2000);
  offloaded[kIp + 2] = offloaded[kIp + 3] = 0;
  EXPECT_FALSE(seen(offloaded));
  EXPECT_TRUE(seen(offloaded));
  EXPECT_FALSE(seen(with_bits(offloaded, offloaded.size() - 1, 1)));
}

TEST_F(Mirror, ManyFramesWithoutIpAreRemembered) {
  const auto arp = [](std::uint8_t host) { return with_bits(counted(60), 41, host); };
  for (std::uint8_t host = 0; host < 64; ++host) EXPECT_FALSE(seen(arp(host), 0, 60));
  for (std::uint8_t host = 0; host < 64; ++host) EXPECT_TRUE(seen(arp(host), 0, 60));
}

Bytes numbered(std::size_t number) {
  return with_bits(with_bits(ipv4_frame(), kIp + 4, static_cast<std::uint8_t>(number >> 8)), kIp + 5,
                   static_cast<std::uint8_t>(number));
}

TEST_F(Mirror, EachRunForgetsTheSamePackets) {
  constexpr std::size_t kPackets = 1000;
  const auto found = [](Ledger& ledger) {
    Duplicates small(ledger, {.window_ns = kWindow, .packets = 256});
    std::vector<bool> seen;
    // Each copy comes 200 packets after its original, so some are found and some are not.
    for (std::size_t i = 0; i < kPackets; ++i) {
      seen.push_back(small.seen(numbered(i), kIp, 0));
      if (i >= 200) seen.push_back(small.seen(numbered(i - 200), kIp, 0));
    }
    return seen;
  };
  Ledger first_ledger, second_ledger;
  const std::vector<bool> first = found(first_ledger);
  const auto duplicates = std::ranges::count(first, true);
  EXPECT_GT(duplicates, 0);
  EXPECT_LT(duplicates, std::ptrdiff_t{kPackets} - 200);
  EXPECT_EQ(found(second_ledger), first);
  EXPECT_EQ(second_ledger.duplicates_forgotten, first_ledger.duplicates_forgotten);
}

TEST_F(Mirror, APacketForgottenIsCountedIfItsCopyCouldStillCome) {
  Duplicates four(ledger_, {.window_ns = kWindow, .packets = 4});
  for (std::size_t i = 0; i < 4; ++i) four.seen(numbered(i), kIp, 0);
  EXPECT_EQ(ledger_.duplicates_forgotten, 0U) << "there was room";
  four.seen(numbered(4), kIp, kWindow);
  EXPECT_EQ(ledger_.duplicates_forgotten, 1U);
  four.seen(numbered(5), kIp, kWindow + 1);
  EXPECT_EQ(ledger_.duplicates_forgotten, 1U) << "too old for a copy";
  EXPECT_TRUE(four.seen(numbered(5), kIp, kWindow + 1));
  EXPECT_EQ(ledger_.duplicates_forgotten, 1U) << "a duplicate needs no room";
}

TEST_F(Mirror, OfManyPacketsEachSecondCopyIsFound) {
  std::mt19937_64 random(2);
  std::vector<Bytes> frames;
  for (std::size_t i = 0; i < 256; ++i) {
    frames.push_back(ipv4_frame(100));
    for (std::size_t at = kIp + 20; at < frames.back().size(); ++at)
      frames.back()[at] = static_cast<std::uint8_t>(random());
  }
  Duplicates large(ledger_, {.window_ns = kWindow, .packets = 65536});
  const auto found_by_large = [&](const Bytes& frame) { return large.seen(frame, kIp, 0); };
  EXPECT_EQ(std::ranges::count_if(frames, found_by_large), 0);
  const auto found = std::ranges::count_if(frames, found_by_large);
  EXPECT_EQ(found, 256) << "so few that no set of four overflows";
}

TEST_F(Mirror, WithoutAWindowNothingIsADuplicate) {
  Duplicates off(ledger_);
  EXPECT_FALSE(off.enabled());
  EXPECT_FALSE(off.seen(ipv4_frame(), kIp, 0));
  EXPECT_FALSE(off.seen(ipv4_frame(), kIp, 0));
}

TEST(DuplicateSettings, OutOfBoundsAreRefusedInASentence) {
  Ledger ledger;
  EXPECT_THROW(Duplicates(ledger, {.window_ns = -1}), std::invalid_argument);
  EXPECT_THROW(Duplicates(ledger, {.packets = 3}), std::invalid_argument);
  EXPECT_THROW(Duplicates(ledger, {.packets = 48}), std::invalid_argument);
  EXPECT_THROW(Duplicates(ledger, {.packets = 1U << 25}), std::invalid_argument);
}

}  // namespace
}  // namespace dataplane
