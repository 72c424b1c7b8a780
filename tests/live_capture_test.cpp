// `tapline run` on capture files through DPDK: the same answer as `tapline replay`, count for count.
#include <fstream>

#include <gtest/gtest.h>

#include "dataplane/capture_reader.h"
#include "tests/support/capture_builder.h"
#include "tests/support/captures.h"
#include "tests/support/packet_builder.h"
#include "tests/support/program.h"
#include "tests/support/sanitized.h"

namespace tests {
namespace {

using nlohmann::json;

// DPDK's reader of captures takes every frame for Ethernet, forgets how long a frame was that the capture
// cut, and knows microseconds only. What has more than that is no use here.
bool fits_dpdk(const std::string& path) {
  dataplane::CaptureReader reader({path});
  std::size_t frames = 0;
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    for (const wire::Frame& frame : burst) {
      ++frames;
      if (frame.link != wire::LinkType::kEthernet || frame.length != frame.wire_length || frame.length < 14 ||
          frame.time_ns % 1000 != 0 || frame.time_ns < 0 || frame.length > 9000)
        return false;
    }
  }
  return frames > 0 && reader.errors().empty();
}

std::vector<std::string> usable_captures(std::size_t most) {
  std::vector<std::string> usable;
  for (const Row& row : read_tsv(captures() / "truth.tsv")) {
    const std::string path = (captures() / row.at("file")).string();
    if (path.find(',') == std::string::npos && std::filesystem::file_size(path) < 4'000'000 &&
        fits_dpdk(path))
      usable.push_back(path);
  }
  // Evenly over the list, so that every kind is there.
  std::vector<std::string> chosen;
  const std::size_t step = std::max<std::size_t>(1, usable.size() / most);
  for (std::size_t i = 0; i < usable.size(); i += step) chosen.push_back(usable[i]);
  return chosen;
}

// Of one port for each file.
std::string configuration(const std::vector<std::string>& files, const std::string& more) {
  std::string text;
  for (const std::string& file : files)
    text += "[[port]]\nname = \"" + file + "\"\ndriver = \"pcap\"\n" + more + "\n";
  return text;
}

class LiveCapture : public testing::Test {
 protected:
  json run(const std::vector<std::string>& files, const std::string& port_keys, int expected_status = 0) {
    std::ofstream(scratch_.path("tapline.toml")) << configuration(files, port_keys) << rest_;
    Process process({tapline(), "run", "--json", "--config", scratch_.path("tapline.toml")},
                    scratch_.path("run.json"), scratch_.path("run.err"));
    EXPECT_EQ(process.wait(), expected_status) << contents_of(scratch_.path("run.err"));
    return json::parse(contents_of(scratch_.path("run.json")), nullptr, false);
  }

  // What is not of the capture but of how it was read.
  static json without_the_live_part(json report) {
    report.erase("live");
    report["ledger"].erase("late");
    return report;
  }

  ScratchDirectory scratch_;
  std::string rest_;
};

#if TAPLINE_SANITIZED
constexpr std::size_t kCaptures = 6;  // Under sanitizers each takes seconds.
#else
constexpr std::size_t kCaptures = 24;
#endif

TEST_F(LiveCapture, GivesWhatReplayGives) {
  for (const std::string& capture : usable_captures(kCaptures)) {
    const json live = run({capture}, "");
    ASSERT_TRUE(live.is_object()) << capture;
    EXPECT_EQ(without_the_live_part(live), without_the_live_part(replayed({capture}, scratch_))) << capture;
    const json& events = live["live"]["events"];
    EXPECT_EQ(events["drained"], events["made"]);
    EXPECT_EQ(live["live"]["ports"][0]["received"], live["ledger"]["frames"]);
  }
}

TEST_F(LiveCapture, RingsOfFewSlotsMakeTheReaderWait) {
  rest_ = "[memory]\nring_events = 256\n";
  for (const std::string& capture : usable_captures(3)) {
    EXPECT_EQ(without_the_live_part(run({capture}, "")), without_the_live_part(replayed({capture}, scratch_)))
        << capture;
  }
}

// Each port has a worker of its own; they come together in the shards, by time.
TEST_F(LiveCapture, TwoPortsAreMergedByTime) {
  const std::string capture = (source_root() / "tests/fixtures/d_sessions/zeek_wikipedia.pcap").string();
  const std::string other = (source_root() / "tests/fixtures/e_mail_malware/zeek_smtp.pcap").string();
  const json live = run({capture, other}, "");
  EXPECT_EQ(without_the_live_part(live)["pairing"], replayed({capture, other}, scratch_)["pairing"]);
  EXPECT_EQ(live["clients"], replayed({capture, other}, scratch_)["clients"]);
  EXPECT_EQ(live["live"]["workers"].size(), 2U);
}

// A buffer of DPDK's holds two kilobytes: longer frames come in parts, and a burst may be full of them.
TEST_F(LiveCapture, FramesLongerThanABufferAreWhole) {
  Pcap capture;
  const Bytes answer = zeros(2'400);
  for (std::uint32_t i = 0; i < 600; ++i) {
    const bool large = i % 3 != 0;
    const Bytes datagram = large ? udp(4'000, 5'000, zeros(8'900)) : udp(53, 4'000, answer);
    capture.frame(1'000 + i, 0, ethernet(kIpv4, ipv4(kUdp, "10.0.0.1", "10.0.0.2", datagram)));
  }
  const std::string path = scratch_.write("jumbo.pcap", capture.bytes());
  const json live = run({path}, "");
  EXPECT_EQ(without_the_live_part(live), without_the_live_part(replayed({path}, scratch_)));
  EXPECT_EQ(live["ledger"]["verdicts"]["udp_other"], 400);
}

TEST_F(LiveCapture, WhoeverReadsStandardErrorHasNoSayInTheReport) {
  std::ofstream(scratch_.path("tapline.toml"))
      << configuration({(source_root() / "tests/fixtures/d_sessions/zeek_wikipedia.pcap").string()}, "");
  for (const char* errors : {"2>/dev/full", "2>&-"}) {
    EXPECT_EQ(shell("$TAPLINE run --json --config " + scratch_.path("tapline.toml") + " >" +
                    scratch_.path("run.json") + " " + errors),
              0)
        << errors;
    EXPECT_EQ(json::parse(contents_of(scratch_.path("run.json")), nullptr, false)["ledger"]["frames"], 136)
        << errors;
  }
}

TEST_F(LiveCapture, FramesThatAreNoEthernetAreRefused) {
  const std::string capture = (source_root() / "tests/fixtures/h_frag_ext/dnscap_frags.pcap").string();
  run({capture}, "", 1);
  EXPECT_NE(contents_of(scratch_.path("run.err")).find("its frames are no Ethernet"), std::string::npos);
}

TEST_F(LiveCapture, AHangupReadsTheConfigurationAgain) {
  const std::string file = scratch_.path("tapline.toml");
  const std::string port =
      configuration({(source_root() / "tests/fixtures/d_sessions/zeek_wikipedia.pcap").string()},
                    "devargs = \"infinite_rx=1\"\n");
  const auto says = [&](const std::string& words) {
    return eventually([&] { return contents_of(scratch_.path("run.err")).find(words) != std::string::npos; });
  };
  std::ofstream(file) << port;
  Process process({tapline(), "run", "--json", "--config", file}, scratch_.path("run.json"),
                  scratch_.path("run.err"));
  ASSERT_TRUE(says(" shard")) << contents_of(scratch_.path("run.err"));

  std::ofstream(file) << port << "[memory]\nclients = 77\n[pairing]\nwindow = \"2s\"\n";
  process.signal(SIGHUP);
  EXPECT_TRUE(says("not reloaded: [pairing], [memory] cannot change while capturing"));
  std::ofstream(file) << "nonsense";
  process.signal(SIGHUP);
  EXPECT_TRUE(says("tapline.toml:1:9: not TOML"));
  std::ofstream(file) << port << "[decode]\ndedup = \"100ms\"\n";
  process.signal(SIGHUP);
  EXPECT_TRUE(says("configuration reloaded"));

  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  process.signal(SIGINT);
  EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("run.err"));
  const json verdicts = json::parse(contents_of(scratch_.path("run.json")))["ledger"]["verdicts"];
  EXPECT_GT(verdicts["dns"], 28);
  EXPECT_GT(verdicts["duplicate"], 0);
}

// Two files of patterns that take turns: each of them matches all names, so every query counts in one of
// them, however often they are exchanged.
TEST_F(LiveCapture, PatternsReloadWithoutLossAndNoNameIsMatchedWithTwo) {
#if TAPLINE_SANITIZED
  constexpr std::uint32_t kQueries = 60'000;
#else
  constexpr std::uint32_t kQueries = 1'500'000;
#endif
  Pcap capture;
  const std::string_view text("\x12\x34\x01\0\0\1\0\0\0\0\0\0\3www\7example\3org\0\0\1\0\1",
                              33);  // www.example.org, A
  const Bytes message(text.begin(), text.end());
  const Bytes frame = ethernet(kIpv4, ipv4(kUdp, "10.0.0.1", "10.0.0.2", udp(4'000, 53, message)));
  for (std::uint32_t i = 0; i < kQueries; ++i) capture.frame(1'000 + i / 100'000, i % 100'000 * 10, frame);
  const std::string path = scratch_.write("queries.pcap", capture.bytes());
  const std::string patterns = scratch_.path("patterns");
  const auto use = [&](int id) {
    std::ofstream(patterns + ".new") << id << " all - .\n";
    std::filesystem::rename(patterns + ".new", patterns);
  };
  use(1);
  const std::string file = scratch_.path("tapline.toml");
  std::ofstream(file) << configuration({path}, "") << "[patterns]\nfile = \"" << patterns << "\"\ncache = \""
                      << scratch_.path("cache") << "\"\n";
  Process process({tapline(), "run", "--json", "--config", file}, scratch_.path("run.json"),
                  scratch_.path("run.err"));
  ASSERT_TRUE(
      eventually([&] { return contents_of(scratch_.path("run.err")).find(" shard") != std::string::npos; }));
  for (int id = 2; process.running(); id = 3 - id) {
    use(id);
    process.signal(SIGHUP);
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
  EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("run.err"));
  const json report = json::parse(contents_of(scratch_.path("run.json")));
  EXPECT_EQ(report["ledger"]["frames"], kQueries);
  EXPECT_EQ(report["ledger"]["ring_full"], 0);
  std::uint64_t matched = 0;
  for (const json& pattern : report["patterns"]) {
    EXPECT_GT(pattern["queries"], 0) << pattern;
    matched += pattern["queries"].get<std::uint64_t>();
  }
  EXPECT_EQ(report["patterns"].size(), 2U);
  EXPECT_EQ(matched, kQueries);
}

TEST_F(LiveCapture, ANicThatCannotFilterIsSaidPlainlyAndAllIsRead) {
  const std::string capture = (source_root() / "tests/fixtures/d_sessions/zeek_wikipedia.pcap").string();
  const json live = run({capture}, "nic_filter = true");
  EXPECT_NE(contents_of(scratch_.path("run.err")).find("nic_filter = true, but the NIC cannot ("),
            std::string::npos)
      << contents_of(scratch_.path("run.err"));
  EXPECT_EQ(live["ledger"]["frames"], 136);
  EXPECT_TRUE(live["live"]["nic_filter"].is_null());
}

TEST_F(LiveCapture, APortThatIsNotThereIsOneSentence) {
  run({"/nowhere/at all.pcap"}, "", 1);
  EXPECT_EQ(contents_of(scratch_.path("run.err")),
            "tapline: port '/nowhere/at all.pcap': there is no such capture file or network interface\n");
  const std::string capture = (source_root() / "tests/fixtures/d_sessions/zeek_wikipedia.pcap").string();
  run({capture}, "queues = 3", 1);
  EXPECT_EQ(contents_of(scratch_.path("run.err")),
            "tapline: port '" + capture + "': 3 queues were asked for, net_pcap has 1\n");
  std::ofstream(scratch_.path("empty.toml")) << "";
  EXPECT_EQ(shell("$TAPLINE run --config " + scratch_.path("empty.toml") + " 2>" + scratch_.path("run.err")),
            2);
  EXPECT_EQ(
      contents_of(scratch_.path("run.err")),
      scratch_.path("empty.toml") + ": has no [[port]]; add one with the name of the tap's interface\n");
}

}  // namespace
}  // namespace tests
