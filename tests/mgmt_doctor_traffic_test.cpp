#include <gtest/gtest.h>

#include "mgmt/doctor_traffic.h"
#include "tests/support/diagnoses.h"

namespace mgmt {
namespace {

using dataplane::EventKind;
using tests::in_short;
using wire::Verdict;

const TrafficExpected kEth1 = {.name = "eth1", .driver = dataplane::PortDriver::kAfPacket};

// Three seconds of a healthy mirror on one queue.
TrafficSeen healthy() {
  TrafficSeen seen;
  seen.seconds = 3;
  seen.ledger.frames = 10'000;
  seen.ledger[Verdict::kDns] = 2'000;
  seen.ledger[EventKind::kQuery] = 1'010;
  seen.ledger[EventKind::kResponse] = 990;
  seen.ledger[Verdict::kSyn] = 500;
  seen.ledger[Verdict::kSynAck] = 450;
  seen.queue_frames = {10'000};
  seen.events = 2'950;
  return seen;
}

std::string judged(const TrafficSeen& seen, std::string_view check, const TrafficExpected& expected = kEth1) {
  return in_short(judge_traffic(seen, expected), check);
}

TEST(DoctorTraffic, AHealthyMirrorIsFine) {
  const Diagnoses diagnoses = judge_traffic(healthy(), kEth1);
  EXPECT_EQ(diagnoses.size(), 6U);
  for (const Diagnosis& diagnosis : diagnoses) {
    EXPECT_EQ(diagnosis.health, Health::kOk) << diagnosis.check;
    EXPECT_EQ(diagnosis.subject, "eth1");
  }
  EXPECT_EQ(in_short(diagnoses, "traffic"), "ok: 10,000 frames in 3 s");
  for (const Diagnosis& diagnosis : judge_directions(healthy(), "eth1"))
    EXPECT_EQ(diagnosis.health, Health::kOk) << diagnosis.found;
}

TEST(DoctorTraffic, SilenceFailsAndNothingElseIsSaid) {
  TrafficSeen silent;
  silent.seconds = 3;
  const Diagnoses diagnoses = judge_traffic(silent, kEth1);
  ASSERT_EQ(diagnoses.size(), 1U);
  EXPECT_EQ(in_short(diagnoses[0]), "fail: no frame in 3 s");
  EXPECT_EQ(diagnoses[0].fix, "tcpdump -c 10 -ni eth1");
  EXPECT_EQ(judge_traffic(silent, {.name = "0000:01:00.0"}).at(0).fix, "");
}

TEST(DoctorTraffic, WhatThePortLostIsAWarning) {
  TrafficSeen seen = healthy();
  seen.lost = 1;
  EXPECT_EQ(judged(seen, "traffic"), "warn: 10,000 frames in 3 s, and 1 lost by the port");
}

TEST(DoctorTraffic, QueuesWithEvenSharesAreFine) {
  TrafficSeen seen = healthy();
  seen.queue_frames = {2'600, 2'400, 2'700, 2'300};
  EXPECT_EQ(judged(seen, "queues"), "ok: 4 queues with 26.0 %, 24.0 %, 27.0 %, 23.0 %");
}

TEST(DoctorTraffic, AQueueThatHasTooMuchOrTooLittleIsAWarning) {
  TrafficSeen seen = healthy();
  seen.queue_frames = {5'100, 1'600, 1'700, 1'600};
  EXPECT_EQ(judged(seen, "queues"), "warn: 4 queues with 51.0 %, 16.0 %, 17.0 %, 16.0 %");
  seen.queue_frames = {8'800, 1'200};
  EXPECT_EQ(judged(seen, "queues"), "warn: 2 queues with 88.0 %, 12.0 %");
  seen.queue_frames = {8'700, 1'300};
  EXPECT_EQ(judged(seen, "queues"), "ok: 2 queues with 87.0 %, 13.0 %");
}

TEST(DoctorTraffic, FewFramesSayNothingOfTheQueues) {
  TrafficSeen seen = healthy();
  seen.queue_frames = {999, 0};
  EXPECT_EQ(judged(seen, "queues"), "ok: 2 queues with 100.0 %, 0.0 %: too few frames to tell");
}

TEST(DoctorTraffic, QueuesThatNothingSpreadsOverAreNotCompared) {
  TrafficSeen seen = healthy();
  seen.queue_frames = {10'000, 0};
  TrafficExpected expected = kEth1;
  EXPECT_NE(judged(seen, "queues", expected), "");
  expected.spreads = false;
  EXPECT_EQ(judged(seen, "queues", expected), "");
}

TEST(DoctorTraffic, CopiesAreAWarningUnlessTheyAreDropped) {
  TrafficSeen seen = healthy();
  seen.ledger[Verdict::kDuplicate] = 99;
  EXPECT_EQ(judged(seen, "duplicates"), "ok: none to speak of");
  seen.ledger[Verdict::kDuplicate] = 4'800;
  EXPECT_EQ(judged(seen, "duplicates"), "warn: 48.0 % of the frames came twice");
  TrafficExpected expected = kEth1;
  expected.dedup = true;
  EXPECT_EQ(judged(seen, "duplicates", expected),
            "ok: 48.0 % of the frames came twice; decode.dedup drops the copies");
}

TEST(DoctorTraffic, MessagesThatEndEarlyFail) {
  TrafficSeen seen = healthy();
  std::uint64_t& ends_early = seen.ledger.dns_faults[static_cast<std::size_t>(wire::DnsFault::kEndsEarly)];
  ends_early = 99;
  EXPECT_EQ(judged(seen, "length"), "ok: frames are whole");
  ends_early = 100;
  EXPECT_EQ(judged(seen, "length"), "fail: 5.0 % of the DNS messages end early");
  ends_early = 0;
  seen.ledger[Verdict::kDnsCut] = 1'000;
  EXPECT_EQ(judged(seen, "length"), "fail: 50.0 % of the DNS messages end early");
}

TEST(DoctorTraffic, FramesThatEndInAHeaderFail) {
  TrafficSeen seen = healthy();
  seen.ledger[Verdict::kTruncated] = 499;
  EXPECT_EQ(judged(seen, "length"), "ok: frames are whole");
  seen.ledger[Verdict::kTruncated] = 500;
  EXPECT_EQ(judged(seen, "length"), "fail: 5.0 % of the frames end in a header");
}

TEST(DoctorTraffic, NoDnsFailsOnABusyPortOnly) {
  TrafficSeen seen = healthy();
  seen.ledger[EventKind::kQuery] = seen.ledger[EventKind::kResponse] = 0;
  EXPECT_EQ(judged(seen, "dns"), "fail: no DNS message among 10,000 frames");
  seen.ledger.frames = 999;
  EXPECT_EQ(judged(seen, "dns"), "warn: no DNS message among 999 frames");
  EXPECT_EQ(judged(healthy(), "dns"), "ok: 2,000 messages in 3 s");
}

TEST(DoctorTraffic, VlansThatAreExpectedAndAbsentFail) {
  TrafficExpected expected = kEth1;
  expected.vlans = true;
  EXPECT_EQ(judged(healthy(), "vlans", expected), "fail: no VLAN tag, though expect_vlans is set");
  EXPECT_EQ(judged(healthy(), "vlans"), "ok: no VLAN tags");
  TrafficSeen tagged = healthy();
  tagged.tunnelled[0] = 295;
  EXPECT_EQ(judged(tagged, "vlans", expected), "ok: 10.0 % carry a VLAN tag");
  TrafficSeen nothing_to_tell_by = healthy();
  nothing_to_tell_by.events = 0;
  EXPECT_EQ(judged(nothing_to_tell_by, "vlans", expected),
            "ok: nothing to tell by: no DNS message and no connection");
}

TEST(DoctorTraffic, TunnelsAreNamed) {
  EXPECT_EQ(judged(healthy(), "tunnels"), "ok: none");
  TrafficSeen seen = healthy();
  seen.tunnelled[0] = 2'950;
  EXPECT_EQ(judged(seen, "tunnels"), "ok: none") << "a VLAN is no tunnel";
  seen.tunnelled[6] = 295;
  seen.tunnelled[9] = 590;
  EXPECT_EQ(judged(seen, "tunnels"), "ok: gre 10.0 %, vxlan 20.0 %");
}

TEST(DoctorTraffic, TunnelsThatPileUpInOneQueueAreAWarning) {
  TrafficSeen seen = healthy();
  seen.queue_frames = {5'000, 5'000};
  seen.tunnelled[9] = 295;
  TrafficExpected expected = kEth1;
  expected.spreads_inner = false;
  EXPECT_EQ(judged(seen, "tunnels", expected), "warn: vxlan 10.0 %");
  EXPECT_EQ(judged(seen, "tunnels"), "ok: vxlan 10.0 %");
  seen.tunnelled[9] = 294;
  EXPECT_EQ(judged(seen, "tunnels", expected), "ok: vxlan 10.0 %");
  seen.tunnelled[9] = 295;
  seen.queue_frames = {10'000};
  EXPECT_EQ(judged(seen, "tunnels", expected), "ok: vxlan 10.0 %");
}

struct Directions {
  std::string dns;
  std::string tcp;
};
Directions directions(std::uint64_t queries, std::uint64_t responses, std::uint64_t syn,
                      std::uint64_t syn_ack) {
  TrafficSeen seen;
  seen.ledger[EventKind::kQuery] = queries;
  seen.ledger[EventKind::kResponse] = responses;
  seen.ledger[Verdict::kSyn] = syn;
  seen.ledger[Verdict::kSynAck] = syn_ack;
  const Diagnoses diagnoses = judge_directions(seen, "eth1");
  return {in_short(diagnoses.at(0)), in_short(diagnoses.at(1))};
}

TEST(DoctorDirections, OneSidedDnsFails) {
  EXPECT_EQ(directions(1'000, 99, 0, 0).dns, "fail: 1,000 DNS queries, 99 responses");
  EXPECT_EQ(directions(0, 20, 0, 0).dns, "fail: 0 DNS queries, 20 responses");
  EXPECT_EQ(directions(1'000, 100, 0, 0).dns, "ok: 1,000 DNS queries, 100 responses");
}

TEST(DoctorDirections, OneSidedTcpIsAWarningSinceAScanLooksTheSame) {
  EXPECT_EQ(directions(0, 0, 1'000, 99).tcp, "warn: 1,000 SYN, 99 SYN+ACK");
  EXPECT_EQ(directions(0, 0, 0, 20).tcp, "warn: 0 SYN, 20 SYN+ACK");
  EXPECT_EQ(directions(0, 0, 100, 10).tcp, "ok: 100 SYN, 10 SYN+ACK");
}

TEST(DoctorDirections, FewMessagesSayNothing) {
  EXPECT_EQ(directions(19, 0, 19, 0).dns, "ok: 19 DNS queries, 0 responses: too few to tell");
  EXPECT_EQ(directions(19, 0, 19, 0).tcp, "ok: 19 SYN, 0 SYN+ACK: too few to tell");
}

TEST(DoctorDirections, OfTwoFibresAddUp) {
  TrafficSeen up;
  up.ledger[EventKind::kQuery] = 1'000;
  up.queue_frames = {1'000};
  TrafficSeen down;
  down.ledger[EventKind::kResponse] = 1'000;
  down.queue_frames = {1'000};
  down.seconds = 3;
  down.events = 1'000;
  down.lost = 2;
  down.tunnelled[6] = 5;
  EXPECT_EQ(judge_directions(up, "eth1").at(0).health, Health::kFail);
  up += down;
  EXPECT_EQ(judge_directions(up, "host").at(0).health, Health::kOk);
  EXPECT_EQ(up.queue_frames.size(), 2U);
  EXPECT_EQ(up.seconds, 3);
  EXPECT_EQ(up.events, 1'000U);
  EXPECT_EQ(up.lost, 2U);
  EXPECT_EQ(up.tunnelled[6], 5U);
}

}  // namespace
}  // namespace mgmt
