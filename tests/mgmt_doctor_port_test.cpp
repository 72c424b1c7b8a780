#include <cstring>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "mgmt/doctor.h"
#include "mgmt/doctor_port.h"
#include "tests/support/captures.h"
#include "tests/support/diagnoses.h"
#include "tests/support/scratch_files.h"

namespace mgmt {
namespace {

using dataplane::EventKind;
using dataplane::PortDriver;
using tests::in_short;
using wire::Verdict;

LivePlan::Port planned(PortDriver driver = PortDriver::kDpdk) {
  LivePlan::Port port;
  port.settings.name = "eth1";
  port.settings.driver = driver;
  return port;
}

PortVisit opened() {
  OpenPort port;
  port.facts.driver = "net_ice";
  port.facts.queues = 4;
  port.facts.rx_descriptors = 4096;
  port.facts.mempool = 20000;
  port.facts.link_up = true;
  port.facts.link_mbps = 100'000;
  port.facts.promiscuous = true;
  port.facts.rss = port.facts.rss_symmetric = port.facts.rss_inner = true;
  port.facts.reta_entries = 512;
  port.facts.checksum_offload = port.facts.packet_type_offload = port.facts.hardware_time = true;
  port.drops_in_nic = true;
  return {.refusal = "", .open = port, .seen = std::nullopt};
}

std::string judged(const PortVisit& visit, std::string_view check, const LivePlan::Port& port = planned()) {
  return in_short(judge_port(visit, port), check);
}

TEST(DoctorPort, ANicThatCanAllIsFine) {
  const Diagnoses diagnoses = judge_port(opened(), planned());
  EXPECT_EQ(diagnoses.size(), 6U);
  for (const Diagnosis& diagnosis : diagnoses) EXPECT_EQ(diagnosis.health, Health::kOk) << diagnosis.check;
  EXPECT_EQ(in_short(diagnoses, "open"),
            "ok: by net_ice, 4 queues of 4096 descriptors, 20000 packet buffers");
  EXPECT_EQ(in_short(diagnoses, "link"), "ok: up, 100000 Mb/s");
  EXPECT_EQ(in_short(diagnoses, "rss"),
            "ok: symmetric key, by inner headers, 512 table entries filled evenly");
  EXPECT_EQ(in_short(diagnoses, "nic offloads"),
            "ok: checksums by the NIC, packet types by the NIC, times from the NIC, kernel or file");
  EXPECT_EQ(in_short(diagnoses, "nic filter"), "ok: possible, and not asked for");
}

TEST(DoctorPort, OneThatCannotBeOpenedFailsWithTheReason) {
  const Diagnoses diagnoses = judge_port({.refusal = "port 'eth1': no.", .open = {}, .seen = {}}, planned());
  ASSERT_EQ(diagnoses.size(), 1U);
  EXPECT_EQ(in_short(diagnoses[0]), "fail: port 'eth1': no.");
}

TEST(DoctorPort, ALinkThatIsDownFails) {
  PortVisit visit = opened();
  visit.open->facts.link_up = false;
  EXPECT_EQ(judged(visit, "link"), "fail: down");
  EXPECT_EQ(judged(visit, "link", planned(PortDriver::kAfPacket)), "") << "the kernel was asked already";
}

TEST(DoctorPort, APortThatIsNotPromiscuousIsAWarning) {
  PortVisit visit = opened();
  visit.open->facts.promiscuous = false;
  EXPECT_EQ(judged(visit, "promiscuous"), "warn: off, and the driver does not switch it on");
}

TEST(DoctorPort, QueuesNeedRssWithASymmetricKey) {
  PortVisit visit = opened();
  visit.open->facts.rss_inner = false;
  visit.open->facts.reta_entries = 0;
  EXPECT_EQ(judged(visit, "rss"), "ok: symmetric key, by outer headers, the driver's own table");
  visit.open->facts.rss_symmetric = false;
  EXPECT_EQ(judged(visit, "rss"), "warn: by a key that is not symmetric");
  visit.open->facts.rss = false;
  EXPECT_EQ(judged(visit, "rss"), "fail: net_ice does not spread flows over its 4 queues");
  visit.open->facts.queues = 1;
  EXPECT_EQ(judged(visit, "rss"), "");
}

TEST(DoctorPort, TheKernelSpreadsFlowsToo) {
  PortVisit visit = opened();
  visit.open->facts.rss = false;
  EXPECT_EQ(judged(visit, "rss", planned(PortDriver::kAfPacket)), "ok: by the kernel, both directions alike");
  EXPECT_EQ(judged(visit, "rss", planned(PortDriver::kAfXdp)),
            "warn: as the kernel's driver has set the NIC up");
  EXPECT_TRUE(spreads_flows(visit.open->facts, PortDriver::kAfPacket));
  EXPECT_TRUE(spreads_flows(visit.open->facts, PortDriver::kAfXdp));
  EXPECT_FALSE(spreads_flows(visit.open->facts, PortDriver::kPcap));
}

TEST(DoctorPort, OffloadsAreNamed) {
  PortVisit visit = opened();
  visit.open->facts.checksum_offload = visit.open->facts.packet_type_offload =
      visit.open->facts.hardware_time = false;
  EXPECT_EQ(judged(visit, "nic offloads"),
            "ok: checksums not checked, packet types by tapline, times from the processor");
  visit.open->strips_vlan_tags = true;
  EXPECT_TRUE(judged(visit, "nic offloads").starts_with("warn: ")) << judged(visit, "nic offloads");
}

TEST(DoctorPort, AFilterThatTheNicCannotDoIsAWarningOnlyIfItIsAskedFor) {
  PortVisit visit = opened();
  visit.open->drops_in_nic = false;
  EXPECT_EQ(judged(visit, "nic filter"), "ok: not possible, and not asked for");
  visit.open->facts.cannot_filter = "it has no rules";
  EXPECT_EQ(judged(visit, "nic filter"), "warn: not possible: it has no rules");
  visit.open->facts.cannot_filter = "";
  visit.open->facts.filters = true;
  EXPECT_EQ(judged(visit, "nic filter"), "ok: in force");
}

// Two ports of one tap, the plan that has them, and what was seen on each.
struct TwoPorts {
  Config config;
  LivePlan plan;
  std::vector<PortVisit> visits = {opened(), opened()};

  TwoPorts() {
    config.ports.resize(2);
    config.ports[0].settings.name = "up";
    config.ports[1].settings.name = "down";
    for (const Config::Port& port : config.ports) plan.ports.push_back({port.settings, {}});
    for (PortVisit& visit : visits) {
      visit.seen.emplace();
      visit.seen->ledger.frames = 5'000;
      visit.seen->queue_frames = {5'000};
    }
  }
  std::string directions() const {
    for (const Diagnosis& diagnosis : diagnose_ports(config, plan, visits)) {
      if (diagnosis.check == "dns directions") return diagnosis.subject + " " + in_short(diagnosis);
    }
    return "";
  }
};

TEST(DoctorPorts, ThoseOfOneTapAddUpToBothDirections) {
  TwoPorts two;
  two.visits[0].seen->ledger[EventKind::kQuery] = 1'000;
  two.visits[1].seen->ledger[EventKind::kResponse] = 1'000;
  EXPECT_EQ(two.directions(), "host ok: 1,000 DNS queries, 1,000 responses");
  two.visits[1] = {.refusal = "no", .open = {}, .seen = {}};
  EXPECT_EQ(two.directions(), "up fail: 1,000 DNS queries, 0 responses");
}

TEST(DoctorPorts, WhatTheConfigurationExpectsIsLookedFor) {
  TwoPorts two;
  two.visits[0].seen->events = 100;
  two.visits[0].seen->ledger[Verdict::kDuplicate] = 2'500;
  const auto of_first = [&](std::string_view check) {
    return in_short(diagnose_ports(two.config, two.plan, two.visits), check);
  };
  EXPECT_EQ(of_first("vlans"), "ok: no VLAN tags");
  EXPECT_EQ(of_first("duplicates"), "warn: 50.0 % of the frames came twice");
  two.config.ports[0].expect_vlans = true;
  two.config.decode.dedup_ns = 1'000'000;
  EXPECT_EQ(of_first("vlans"), "fail: no VLAN tag, though expect_vlans is set");
  EXPECT_EQ(of_first("duplicates"), "ok: 50.0 % of the frames came twice; decode.dedup drops the copies");
}

TEST(DoctorPorts, OfSilentOnesNoDirectionIsMissing) {
  TwoPorts two;
  for (PortVisit& visit : two.visits) visit.seen->ledger.frames = 0;
  EXPECT_EQ(two.directions(), "");
}

Config::Port pcap_port(const std::string& file) {
  Config::Port port;
  port.settings.name = file;
  port.settings.driver = PortDriver::kPcap;
  return port;
}

// Every frame of a capture in the classic format on this machine's side, twice in a row.
std::vector<std::uint8_t> doubled(const std::string& capture) {
  constexpr std::size_t kFileHeader = 24;
  constexpr std::size_t kFrameHeader = 16;
  std::ifstream in(capture, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::uint8_t> twice(bytes.begin(), bytes.begin() + kFileHeader);
  for (auto at = bytes.begin() + kFileHeader; at != bytes.end();) {
    std::uint32_t captured = 0;
    std::memcpy(&captured, &*at + 8, sizeof captured);
    const auto end = at + static_cast<std::ptrdiff_t>(kFrameHeader + captured);
    twice.insert(twice.end(), at, end);
    twice.insert(twice.end(), at, end);
    at = end;
  }
  return twice;
}

// The whole way, through DPDK: a capture of a host that browses, the same as a bad mirror shows it, one that
// is not there, and a device that makes frames up. In one test, since DPDK starts once in a process.
TEST(DoctorVisit, OpensThePortsAndCountsWhatIsOnThem) {
  const tests::ScratchDirectory scratch;
  const std::string capture =
      (tests::source_root() / "tests" / "fixtures" / "d_sessions" / "suri_browse_tls.pcap").string();
  Config config;
  config.ports = {pcap_port("/nonexistent.pcap"), pcap_port(capture)};
  config.ports.push_back(pcap_port(scratch.write("twice.pcap", doubled(capture))));
  config.ports.emplace_back().settings = {.name = "none", .driver = PortDriver::kNull, .devargs = ""};
  const LivePlan plan = live_plan(config, this_machine());
  const std::vector<PortVisit> visits = visit_ports(plan, 500'000'000);
  ASSERT_EQ(visits.size(), 4U);

  EXPECT_FALSE(visits[0].open);
  EXPECT_NE(visits[0].refusal.find("/nonexistent.pcap"), std::string::npos) << visits[0].refusal;

  ASSERT_TRUE(visits[1].open) << visits[1].refusal;
  EXPECT_EQ(visits[1].open->facts.driver, "net_pcap");
  EXPECT_FALSE(visits[1].open->drops_in_nic);
  ASSERT_TRUE(visits[1].seen);
  const TrafficSeen& seen = *visits[1].seen;
  EXPECT_GE(seen.seconds, 0.5);
  EXPECT_EQ(seen.ledger.frames, 3'138U);  // and what tshark counts
  EXPECT_EQ(seen.queue_frames, std::vector<std::uint64_t>{3'138});
  EXPECT_EQ(seen.ledger[EventKind::kQuery], 37U);
  EXPECT_EQ(seen.ledger[EventKind::kResponse], 37U);
  EXPECT_EQ(seen.ledger[Verdict::kSyn], 79U);
  EXPECT_EQ(seen.ledger[Verdict::kSynAck], 67U);
  EXPECT_EQ(seen.events, 37U + 37U + 79U + 67U);
  EXPECT_EQ(seen.lost, 0U);

  ASSERT_TRUE(visits[2].seen) << visits[2].refusal;
  EXPECT_EQ(visits[2].seen->ledger.frames, 2 * 3'138U);
  EXPECT_EQ(visits[2].seen->ledger[Verdict::kDuplicate], 3'138U);
  EXPECT_EQ(visits[2].seen->ledger[EventKind::kQuery], 37U);

  ASSERT_TRUE(visits[3].open) << visits[3].refusal;
  EXPECT_FALSE(visits[3].seen) << "there is no mirror to judge";

  std::vector<std::string> complaints;
  for (const Diagnosis& diagnosis : diagnose_ports(config, plan, visits)) {
    if (diagnosis.health != Health::kOk) complaints.push_back(diagnosis.check + " " + in_short(diagnosis));
  }
  EXPECT_EQ(complaints, (std::vector<std::string>{"open fail: " + visits[0].refusal,
                                                  "duplicates warn: 50.0 % of the frames came twice"}));
}

}  // namespace
}  // namespace mgmt
