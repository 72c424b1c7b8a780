// `tapline run` on real sockets: captures are sent into one end of a cable, and what comes out at the other
// must be counted as `tapline replay` counts the file.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/balanced_ledger.h"
#include "tests/support/captures.h"
#include "tests/support/network.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr unsigned kFullSize = 65'535;
constexpr unsigned kXdpSize = 1500;  // AF_XDP on veth takes frames of a page only

// Captures of Ethernet frames, none cut, none longer than `mtu` lets through.
const std::vector<std::string> kSmall = {"d_sessions/zeek_wikipedia.pcap", "b_dns_tcp/suri_multirequest.pcap",
                                         "e_mail_malware/zeek_smtp.pcap", "c_dns_edge/pcpp_too_many_rr.pcap",
                                         "f_scan_flood/suri_synflood_200.pcap"};

std::string fixture(const std::string& name) {
  return (source_root() / "tests" / "fixtures" / name).string();
}

// What depends on when frames came: times, and the delays from answer to connection.
json without_times(json report) {
  report.erase("live");
  for (const char* key : {"first", "last", "late", "time_went_back"}) report["ledger"].erase(key);
  report["pairing"].erase("delay");
  return report;
}

// Nor what depends on which frame came within a second of which.
json without_pairs(const json& report) {
  json rest = without_times(report);
  rest.erase("pairing");
  rest.erase("clients");
  return rest;
}

double span_of(const json& report) {
  return report["ledger"]["last"].get<double>() - report["ledger"]["first"].get<double>();
}

constexpr double kClockSlack = 1;  // seconds; as much as TickClock lets its clock be wrong at once
constexpr double kPaceSlack = 0.5;
double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class LiveNetwork : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    for (const char* tool : {"ip", "ethtool", "sysctl", "tcpreplay", "dpdk-testpmd"}) {
      if (shell(std::string("command -v ") + tool + " >/dev/null") != 0)
        GTEST_SKIP() << "needs " << tool << ": scripts/setup --ci";
    }
    if (!Cable(kXdpSize).laid()) GTEST_SKIP() << "no network namespaces here";
  }

  void write_configuration(const std::string& name, const std::string& driver, const std::string& more) {
    std::ofstream(scratch_.path("tapline.toml"))
        << "[[port]]\nname = \"" << name << "\"\ndriver = \"" << driver << "\"\n"
        << more << "\n";
  }

  Process start(const Cable& cable) {
    std::filesystem::remove(scratch_.path("run.err"));  // of the run before
    return Process(cable.inside({tapline(), "run", "--json", "--config", scratch_.path("tapline.toml")}),
                   scratch_.path("run.json"), scratch_.path("run.err"));
  }

  // Its ports are open, and since some drivers need a moment more, it has been a moment.
  bool has_started() {
    const bool started =
        eventually([&] { return contents_of(scratch_.path("run.err")).find(" shard") != std::string::npos; });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return started;
  }

  void send(const Cable& cable, const std::string& capture, std::vector<std::string> how) {
    sent_from_ = wall_seconds();
    how.insert(how.begin(), {"tcpreplay", "-q", "-i", Cable::near()});
    how.push_back(capture);
    ASSERT_EQ(Process(cable.inside(how), scratch_.path("send.out"), scratch_.path("send.err")).wait(), 0)
        << contents_of(scratch_.path("send.err"));
  }

  // The report on `capture`, sent so.
  json run(const std::string& driver, unsigned mtu, const std::string& capture,
           const std::vector<std::string>& how, const std::string& more = "") {
    const Cable cable(mtu);
    EXPECT_TRUE(cable.laid());
    write_configuration(Cable::far(), driver, more);
    Process process = start(cable);
    EXPECT_TRUE(has_started()) << contents_of(scratch_.path("run.err"));
    send(cable, capture, how);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("run.err"));
    return json::parse(contents_of(scratch_.path("run.json")), nullptr, false);
  }

  ScratchDirectory scratch_;
  double sent_from_ = 0;  // when send() began
};

TEST_F(LiveNetwork, AfPacketCountsWhatReplayCounts) {
  for (const std::string& name : kSmall) {
    const json live = run("af_packet", kFullSize, fixture(name), {"--pps=2000"});
    ASSERT_TRUE(live.is_object()) << name;
    EXPECT_EQ(without_times(live), without_times(replayed({fixture(name)}, scratch_))) << name;
    expect_balanced(live);
  }
}

// Flows are spread over two sockets by the kernel, and two workers feed two shards.
TEST_F(LiveNetwork, TwoQueuesAndTwoShardsCountTheSame) {
  for (const std::string& name : {kSmall[0], kSmall[2], kSmall[4]}) {
    const json live =
        run("af_packet", kFullSize, fixture(name), {"--pps=2000"}, "queues = 2\nshard_cores = [0, 1]\n");
    ASSERT_TRUE(live.is_object()) << name;
    json counted = without_times(live);
    json expected = without_times(replayed({fixture(name)}, scratch_));
    EXPECT_EQ(counted["ledger"], expected["ledger"]) << name;
    EXPECT_EQ(counted["dns"], expected["dns"]) << name;
    EXPECT_EQ(counted["tcp"], expected["tcp"]) << name;
    expect_balanced(live);
    EXPECT_EQ(live["live"]["workers"].size(), 2U);
  }
}

// A machine with other work to do may hold sender or sensor up: then the pairing says nothing, and the
// capture is sent again. Late a frame may be, but never seen before it was sent.
TEST_F(LiveNetwork, AtItsRecordedPaceAlsoThePairingIsThatOfReplay) {
  const std::string capture = fixture("d_sessions/zeek_wikipedia.pcap");
  const json replay = replayed({capture}, scratch_);
  ASSERT_GT(replay["pairing"]["pairs"], 0);
  json at_its_pace;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const json live = run("af_packet", kFullSize, capture, {});
    ASSERT_TRUE(live.is_object());
    expect_balanced(live);
    EXPECT_EQ(without_pairs(live), without_pairs(replay));
    const auto first = live["ledger"]["first"].get<double>();
    const auto last = live["ledger"]["last"].get<double>();
    EXPECT_GT(first, sent_from_ - kClockSlack);
    EXPECT_GT(last, sent_from_ + span_of(replay) - kClockSlack);
    EXPECT_LT(last, wall_seconds() + kClockSlack);
    if (std::abs(span_of(live) - span_of(replay)) > kPaceSlack) continue;
    if (without_times(live) == without_times(replay)) return;
    at_its_pace = live;
  }
  if (at_its_pace.is_null()) GTEST_SKIP() << "this machine is too busy to see a capture at its recorded pace";
  EXPECT_EQ(without_times(at_its_pace), without_times(replay));
}

TEST_F(LiveNetwork, AfXdpCountsWhatReplayCounts) {
  const std::string capture = fixture("d_sessions/zeek_wikipedia.pcap");
  {
    const Cable cable(kXdpSize);
    ASSERT_TRUE(cable.laid());
    write_configuration(Cable::far(), "af_xdp", "");
    Process probe(
        cable.inside({tapline(), "run", "--for", "100ms", "--config", scratch_.path("tapline.toml")}),
        scratch_.path("probe.out"), scratch_.path("probe.err"));
    if (probe.wait() != 0) GTEST_SKIP() << "no AF_XDP here: " << contents_of(scratch_.path("probe.err"));
  }
  const json live = run("af_xdp", kXdpSize, capture, {"--pps=2000"});
  ASSERT_TRUE(live.is_object());
  EXPECT_EQ(without_times(live), without_times(replayed({capture}, scratch_)));
  expect_balanced(live);
}

// Its buffer holds some thirty frames of full size: on a busy machine it misses some, and says how many.
// Whoever ends takes the interface's program away: so there is only one.
TEST_F(LiveNetwork, ASecondStartLeavesTheFirstOneItsAfXdpInterface) {
  const std::string capture = fixture("d_sessions/zeek_wikipedia.pcap");
  const Cable cable(kXdpSize);
  write_configuration(Cable::far(), "af_xdp", "");
  Process first = start(cable);
  if (!eventually([&] { return contents_of(scratch_.path("run.err")).find(" shard") != std::string::npos; },
                  std::chrono::seconds(5)))
    GTEST_SKIP() << "no AF_XDP here: " << contents_of(scratch_.path("run.err"));
  Process second(cable.inside({tapline(), "run", "--config", scratch_.path("tapline.toml")}),
                 scratch_.path("second.out"), scratch_.path("second.err"));
  EXPECT_EQ(second.wait(), 1);
  EXPECT_NE(contents_of(scratch_.path("second.err")).find("another tapline has this interface"),
            std::string::npos);
  send(cable, capture, {"--pps=2000"});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait(), 0);
  EXPECT_EQ(json::parse(contents_of(scratch_.path("run.json")), nullptr, false)["ledger"]["frames"], 136);
}

// Frames without an event, too, are told of second by second; and that the link has gone.
TEST_F(LiveNetwork, ALinkThatGoesDownIsSaid) {
  const Cable cable(kFullSize);
  write_configuration(Cable::far(), "af_packet", "");
  Process process = start(cable);
  ASSERT_TRUE(has_started()) << contents_of(scratch_.path("run.err"));
  EXPECT_NE(contents_of(scratch_.path("run.err")).find("link up"), std::string::npos);
  Process(cable.inside({"ip", "link", "set", Cable::near(), "down"}), scratch_.path("ip.out"),
          scratch_.path("ip.err"))
      .wait();
  EXPECT_TRUE(eventually([&] {
    return contents_of(scratch_.path("run.err")).find("tapline: port far: link DOWN") != std::string::npos;
  }));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
}

TEST_F(LiveNetwork, WhatLibpcapMissesIsInTheLedger) {
  const std::string capture = fixture("d_sessions/zeek_wikipedia.pcap");
  const json live = run("pcap", kXdpSize, capture, {"--pps=2000"});
  ASSERT_TRUE(live.is_object());
  const json& port = live["live"]["ports"][0];
  EXPECT_EQ(port["wire"], replayed({capture}, scratch_)["ledger"]["frames"]);
  EXPECT_EQ(port["wire"], port["received"].get<std::uint64_t>() + port["missed"].get<std::uint64_t>());
  expect_balanced(live);
}

// Another process sends through shared memory. It stays until we have gone: net_memif of DPDK 22.11 unmaps
// the memory of a peer that leaves while it is polled.
TEST_F(LiveNetwork, MemifCountsWhatReplayCounts) {
  const std::string capture = fixture("d_sessions/zeek_wikipedia.pcap");
  const std::string socket = scratch_.path("memif.sock");
  write_configuration("net_memif0", "dpdk",
                      "devargs = \"role=server,socket-abstract=no,socket=" + socket + "\"");
  Process process({tapline(), "run", "--json", "--config", scratch_.path("tapline.toml")},
                  scratch_.path("run.json"), scratch_.path("run.err"));
  ASSERT_TRUE(has_started()) << contents_of(scratch_.path("run.err"));
  // Forwards from the capture to the memory once both ends of that have found each other.
  const std::string sent = scratch_.path("sent"), ended = scratch_.path("ended");
  Process sender(
      {"/bin/sh", "-c",
       "(sleep 2; echo start; sleep 1; echo stop; : >" + sent + "; until [ -e " + ended +
           " ]; do sleep 0.1; done; echo quit) | dpdk-testpmd --no-huge -m 256 --no-pci --no-shconf "
           "--no-telemetry --vdev=net_pcap0,rx_pcap=" +
           capture + " --vdev=net_memif0,role=client,socket-abstract=no,socket=" + socket +
           " -- -i --forward-mode=io --no-flush-rx --total-num-mbufs=4096"},
      scratch_.path("send.out"), scratch_.path("send.err"));
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(sent); }, std::chrono::seconds(30)));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("run.err"));
  std::ofstream(ended).close();
  EXPECT_EQ(sender.wait(), 0) << contents_of(scratch_.path("send.err"));
  const json live = json::parse(contents_of(scratch_.path("run.json")), nullptr, false);
  ASSERT_TRUE(live.is_object());
  EXPECT_EQ(without_times(live), without_times(replayed({capture}, scratch_)))
      << contents_of(scratch_.path("send.out"));
}

TEST_F(LiveNetwork, AProcessThatIsKilledLeavesNothingThatStopsTheNext) {
  const std::string capture = fixture("d_sessions/zeek_wikipedia.pcap");
  const auto files = [] {
    std::vector<std::string> found;
    for (const char* folder : {"/dev/hugepages", "/var/run/dpdk/rte"}) {
      std::error_code none;
      for (const auto& entry : std::filesystem::directory_iterator(folder, none))
        found.push_back(entry.path().string());
    }
    return found;
  };
  const std::vector<std::string> before = files();
  {
    const Cable cable(kFullSize);
    write_configuration(Cable::far(), "af_packet", "");
    Process process = start(cable);
    ASSERT_TRUE(has_started()) << contents_of(scratch_.path("run.err"));
    process.signal(SIGKILL);
    process.wait();
  }
  EXPECT_EQ(files(), before);
  const json live = run("af_packet", kFullSize, capture, {"--pps=2000"});
  ASSERT_TRUE(live.is_object());
  EXPECT_EQ(live["ledger"]["frames"], 136);
}

}  // namespace
}  // namespace tests
