// What a spool keeps that keeps only what open findings and patterns select.
#include <gtest/gtest.h>

#include "matchers/name_pattern.h"
#include "matchers/pattern_compiler.h"
#include "mgmt/spool/spool_selection.h"
#include "tests/support/host_capture.h"

namespace tests {
namespace {

using aggregator::FindingChange;
using aggregator::FindingState;
using mgmt::SpoolSelection;

class Selection : public testing::Test {
 protected:
  bool wants(const Bytes& packet) {
    const Bytes frame = frame_bytes(packet);
    const auto length = static_cast<std::uint32_t>(frame.size());
    return selection_.wants({frame.data(), length, length, 0, 0, wire::LinkType::kEthernet});
  }

  void tell(FindingState state, std::uint64_t id, const wire::Address& subject) {
    FindingChange change{state, {}};
    change.finding.id = id;
    change.finding.subject = subject;
    selection_.take({&change, 1});
    selection_.look();
  }

  void follow(const std::string& pattern) {
    selection_.follow(
        matchers::compile_patterns(matchers::parse_patterns("7 seven - " + pattern, "patterns")));
    selection_.look();
  }

  SpoolSelection selection_;
};

TEST_F(Selection, NothingIsWantedUntilSomethingIsSelected) {
  EXPECT_FALSE(wants(query_packet(host(10), host(53), "www.example.com")));
  EXPECT_FALSE(wants(syn_packet(host(10), host(7), 443)));
}

TEST_F(Selection, AHostIsWantedFromEitherSideWhileOneOfItsFindingsIsOpen) {
  tell(FindingState::kOpened, 1, host(10));
  EXPECT_TRUE(wants(query_packet(host(10), host(53), "www.example.com")));
  EXPECT_TRUE(wants(response_packet(host(10), host(53), "www.example.com", {})));
  EXPECT_TRUE(wants(syn_packet(host(7), host(10), 25)));
  EXPECT_FALSE(wants(syn_packet(host(7), host(11), 25)));
  tell(FindingState::kOpened, 2, host(10));
  tell(FindingState::kUpdated, 2, host(10));
  tell(FindingState::kClosed, 1, host(10));
  EXPECT_TRUE(wants(syn_packet(host(7), host(10), 25)));
  tell(FindingState::kClosed, 2, host(10));
  EXPECT_FALSE(wants(syn_packet(host(7), host(10), 25)));
}

TEST_F(Selection, AFindingOfNobodyInParticularSelectsNothing) {
  tell(FindingState::kOpened, 1, wire::Address{});
  EXPECT_FALSE(wants(Bytes(40, 0)));
}

TEST_F(Selection, NamesAreWantedThatAPatternMatchesInQueriesAndAnswers) {
  follow("\\.evil\\.example$");
  EXPECT_TRUE(wants(query_packet(host(10), host(53), "www.EVIL.example")));
  EXPECT_TRUE(wants(response_packet(host(10), host(53), "www.evil.example", {host(9)})));
  EXPECT_FALSE(wants(query_packet(host(10), host(53), "www.good.example")));
  EXPECT_FALSE(wants(syn_packet(host(10), host(7), 443)));
  follow("good");
  EXPECT_FALSE(wants(query_packet(host(10), host(53), "www.evil.example")));
  EXPECT_TRUE(wants(query_packet(host(10), host(53), "www.good.example")));
  selection_.follow(nullptr);
  selection_.look();
  EXPECT_FALSE(wants(query_packet(host(10), host(53), "www.good.example")));
}

Bytes over_tcp(const Bytes& payload) {
  const Bytes header = be16(40'000) + be16(53) + zeros(8) + Bytes{0x50, 0x18} + zeros(6);
  return ipv4(kTcp, to_text(host(10)), to_text(host(53)), header + payload);
}

TEST_F(Selection, OverTcpOfWholeMessagesInASegment) {
  follow("evil");
  const Bytes message = Bytes{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0} + question("evil.example", 1);
  const Bytes whole = be16(message.size()) + message;
  EXPECT_TRUE(wants(over_tcp(whole)));
  EXPECT_FALSE(wants(over_tcp(Bytes(whole.begin(), whole.end() - 1))));
  EXPECT_FALSE(wants(over_tcp(Bytes(whole.begin(), whole.begin() + 1))));
  EXPECT_FALSE(wants(over_tcp(be16(12) + Bytes(12, 0xFF))));
}

TEST_F(Selection, WhatIsNoMessageMatchesNothing) {
  follow(".");
  for (std::size_t octets = 0; octets < 30; ++octets)
    EXPECT_FALSE(
        wants(ipv4(kUdp, to_text(host(10)), to_text(host(53)), udp(40'000, 53, Bytes(octets, 0xC0)))));
}

}  // namespace
}  // namespace tests
