// `tapline run` with a spool: what is cut out of it is what libpcap's filter finds in the capture; stopped
// and started through the socket, killed, on a full disk, and of hidden hosts.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <pcap.h>

#include "tests/support/balanced_ledger.h"
#include "tests/support/captures.h"
#include "tests/support/frame_copy.h"
#include "tests/support/host_capture.h"
#include "tests/support/privacy_key.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using nlohmann::json;

// Rikitake's filter, and the fragments that may belong to DNS.
constexpr const char* kFilter = "port 53 or tcp[tcpflags] & tcp-syn != 0 or (ip[6:2] & 0x3fff != 0)";

class LiveSpool : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return scratch_.path(name); }

  static std::string capture() {
    return (source_root() / "tests/fixtures/d_sessions/suri_browse_tls.pcap").string();
  }

  void configure(const std::string& devargs, const std::string& more = "",
                 const std::string& file = capture()) const {
    std::ofstream(path("tapline.toml"))
        << "[[port]]\nname = \"" << file << "\"\ndriver = \"pcap\"\ndevargs = \"" << devargs
        << "\"\n[socket]\npath = \"" << path("tapline.sock") << "\"\n[state]\nfolder = \"" << path("state")
        << "\"\n[spool]\n"
        << more;
    std::filesystem::create_directory(path("state"));
  }

  std::unique_ptr<Process> start() const {
    return std::make_unique<Process>(
        std::vector<std::string>{tapline(), "run", "--json", "--config", path("tapline.toml")},
        path("run.json"), path("run.err"));
  }
  json report() const {
    json report = json::parse(contents_of(path("run.json")), nullptr, false);
    expect_balanced(report);
    return report;
  }
  std::string errors() const { return contents_of(path("run.err")); }

  // What `tapline capture WORDS` said; as JSON.
  json capture_command(std::vector<std::string> words) const {
    words.insert(words.begin(), {tapline(), "capture"});
    words.emplace_back("--json");
    status_ = Process(words, path("out"), path("err")).wait();
    return json::parse(contents_of(path("out")), nullptr, false);
  }
  json of_sensor(const std::string& what) const {
    return capture_command({what, "--socket", path("tapline.sock")});
  }
  std::uint64_t written() const {
    const json status = of_sensor("status");
    return status.is_object() ? status["written"].get<std::uint64_t>() : 0;
  }
  json extract(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"extract", "--from", "@1", "--to", "@4000000000", "-w", path("slice.pcap"),
                               "--config", path("tapline.toml")});
    return capture_command(more);
  }
  std::vector<FrameCopy> slice() const {
    const std::string octets = contents_of(path("slice.pcap"));
    const FileRead read = read_capture(std::vector<std::uint8_t>(octets.begin(), octets.end()));
    EXPECT_FALSE(read.fault.has_value());
    return read.frames;
  }

  static std::vector<FrameCopy> by_libpcap(const std::string& file, const std::string& expression) {
    char error[PCAP_ERRBUF_SIZE];
    pcap_t* const handle =
        pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO, error);
    EXPECT_NE(handle, nullptr) << error;
    bpf_program program;
    EXPECT_EQ(pcap_compile(handle, &program, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN), 0)
        << pcap_geterr(handle);
    EXPECT_EQ(pcap_setfilter(handle, &program), 0);
    std::vector<FrameCopy> frames;
    pcap_pkthdr* header = nullptr;
    const std::uint8_t* bytes = nullptr;
    while (pcap_next_ex(handle, &header, &bytes) == 1) {
      frames.push_back({header->ts.tv_sec * 1'000'000'000 + header->ts.tv_usec,
                        header->len,
                        wire::LinkType::kEthernet,
                        {bytes, bytes + header->caplen}});
    }
    pcap_freecode(&program);
    pcap_close(handle);
    return frames;
  }

  std::size_t files(const std::string& ending) const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path("state/spool")))
      count += entry.path().string().ends_with(ending);
    return count;
  }

  mutable int status_ = 0;
  ScratchDirectory scratch_;
};

std::uint64_t of_interest(const json& report) {
  std::uint64_t count = 0;
  for (const char* verdict : {"dns", "dns_malformed", "dns_cut", "dns_short", "dns_segment", "syn", "syn_ack",
                              "fragment", "fragment_overlap", "fragment_bad"})
    count += report["ledger"]["verdicts"].value(verdict, std::uint64_t{0});
  return count;
}

TEST_F(LiveSpool, WhatIsCutOutIsWhatLibpcapsFilterFindsInTheCapture) {
  configure("");
  EXPECT_EQ(start()->wait(), 0) << errors();
  const json run = report();
  const json& spool = run["live"]["spool"];
  EXPECT_EQ(spool["written"], of_interest(run));
  EXPECT_EQ(spool["dropped"], 0);
  EXPECT_EQ(spool["lost"], 0);
  const std::vector<FrameCopy> truth = by_libpcap(capture(), kFilter);
  ASSERT_GT(truth.size(), 50U);
  const json done = extract();
  ASSERT_EQ(status_, 0) << contents_of(path("err"));
  EXPECT_EQ(done["frames"], truth.size());
  EXPECT_EQ(slice(), truth);
  EXPECT_EQ(by_libpcap(path("slice.pcap"), ""), truth) << "libpcap reads it too";

  const std::vector<FrameCopy> of_host =
      by_libpcap(capture(), "host 192.168.100.2 and (" + std::string(kFilter) + ")");
  ASSERT_TRUE(!of_host.empty() && of_host.size() < truth.size());
  extract({"--host", "192.168.100.2"});
  EXPECT_EQ(slice(), of_host);
}

// Patterns that match one name of the capture: its queries and answers, and nothing else.
TEST_F(LiveSpool, SelectedAreTheMessagesWhoseNameAPatternMatches) {
  std::ofstream(path("patterns")) << "1 shop - ^mamzon\\.ru$\n";
  configure("", "what = \"selected\"\n[patterns]\nfile = \"" + path("patterns") + "\"\ncache = \"" +
                    path("cache") + "\"\n");
  EXPECT_EQ(start()->wait(), 0) << errors();
  const json run = report();
  const json& spool = run["live"]["spool"];
  std::vector<FrameCopy> truth = by_libpcap(capture(), "udp port 53");
  const Bytes name = question("mamzon.ru", 1);
  std::erase_if(truth, [&](const FrameCopy& frame) {
    return std::search(frame.bytes.begin(), frame.bytes.end(), name.begin(), name.end()) == frame.bytes.end();
  });
  ASSERT_GE(truth.size(), 2U);
  extract();
  ASSERT_EQ(status_, 0) << contents_of(path("err"));
  EXPECT_EQ(slice(), truth);
  EXPECT_EQ(spool["written"], truth.size());
  EXPECT_EQ(spool["not_selected"], of_interest(run) - truth.size());
}

// Findings of a file read at full speed come when most of it is past: which frames are whose is for the test
// of the selection itself.
TEST_F(LiveSpool, WithFindingsEveryFrameIsSelectedOrNotAndCounted) {
  const std::string attacked = scratch_.write("attacked.pcap", attacked_campus().bytes());
  configure(
      "",
      "what = \"selected\"\n[network]\ninternal = [\"10.0.0.0/16\"]\nlocal_domains = [\"campus.example\"]\n"
      "[[mail_server]]\nname = \"mx\"\naddress = \"10.0.0.25\"\n"
      "[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n",
      attacked);
  EXPECT_EQ(start()->wait(), 0) << errors();
  const json run = report();
  ASSERT_FALSE(run["findings"].empty());
  const json& spool = run["live"]["spool"];
  EXPECT_EQ(spool["written"].get<std::uint64_t>() + spool["not_selected"].get<std::uint64_t>() +
                spool["dropped"].get<std::uint64_t>(),
            of_interest(run));
}

// As many frames at the same times and none of the clear hosts, who are found by their clear addresses.
TEST_F(LiveSpool, HidesItsHostsAndFindsThemByTheirAddresses) {
  write_privacy_key(path("key"));
  configure("", "[privacy]\nkey_file = \"" + path("key") + "\"\nsinks = [\"spool\"]\n");
  EXPECT_EQ(start()->wait(), 0) << errors();
  const std::vector<FrameCopy> truth = by_libpcap(capture(), kFilter);
  const std::string network = "net 192.168.0.0/16";
  ASSERT_EQ(by_libpcap(capture(), network + " and (" + kFilter + ")").size(), truth.size());
  extract();
  ASSERT_EQ(status_, 0) << contents_of(path("err"));
  const std::vector<FrameCopy> hidden = slice();
  ASSERT_EQ(hidden.size(), truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_EQ(hidden[i].time_ns, truth[i].time_ns);
  EXPECT_TRUE(by_libpcap(path("slice.pcap"), network).empty());
  EXPECT_EQ(by_libpcap(path("slice.pcap"), kFilter), hidden);
  EXPECT_EQ(files(".pcap"), 1U);

  const std::string host = "192.168.100.2";
  const std::vector<FrameCopy> of_host = by_libpcap(capture(), "host " + host + " and (" + kFilter + ")");
  extract({"--host", host});
  ASSERT_EQ(status_, 0) << contents_of(path("err"));
  EXPECT_EQ(slice().size(), of_host.size());
  Process({tapline(), "privacy", "hide", "--key", path("key"), host}, path("shown"), path("err")).wait();
  const std::string shown = contents_of(path("shown"));
  const std::string shown_host = shown.substr(host.size() + 2, shown.find('\n') - host.size() - 2);
  EXPECT_EQ(by_libpcap(path("slice.pcap"), "host " + shown_host), slice());

  Process({tapline(), "privacy", "key"}, path("key"), path("err")).wait();
  extract({"--host", host});
  EXPECT_NE(contents_of(path("err")).find("has its hosts hidden by another key than [privacy] has"),
            std::string::npos)
      << contents_of(path("err"));

  std::filesystem::remove(path("key"));
  extract({"--host", host});
  EXPECT_EQ(status_, 1);
  EXPECT_NE(contents_of(path("err")).find("cannot be read; 'tapline privacy key' makes a key"),
            std::string::npos)
      << contents_of(path("err"));
  extract();
  EXPECT_EQ(status_, 0) << "all of them are nobody's in particular";
}

TEST_F(LiveSpool, IsStoppedAndStartedThroughTheSocket) {
  configure("infinite_rx=1", "enabled = false\nmax_bytes = 20000000\nrotate_bytes = 2000000\n");
  const auto process = start();
  ASSERT_TRUE(eventually([&] { return of_sensor("status").is_object(); })) << errors();
  EXPECT_EQ(of_sensor("status")["on"], false);
  EXPECT_EQ(of_sensor("start")["message"], "frames are kept from now on");
  EXPECT_EQ(of_sensor("start")["message"], "frames are kept already");
  ASSERT_TRUE(eventually([&] { return written() > 1000; })) << of_sensor("status");
  EXPECT_EQ(of_sensor("status")["on"], true);
  EXPECT_EQ(of_sensor("stop")["on"], false);
  std::uint64_t before = 0;
  ASSERT_TRUE(eventually([&] {
    const std::uint64_t now = written();
    return std::exchange(before, now) == now;
  })) << "nothing comes any more";
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(), 0) << errors();
  const json run = report();
  EXPECT_LT(run["live"]["spool"]["written"], of_interest(run));
  EXPECT_LE(run["live"]["spool"]["bytes"], 20'000'000);
}

TEST_F(LiveSpool, WithoutItsSectionStartSaysWhatIsMissing) {
  configure("infinite_rx=1");
  std::string text = contents_of(path("tapline.toml"));
  text.resize(text.find("[spool]"));
  std::ofstream(path("tapline.toml")) << text;
  const auto process = start();
  ASSERT_TRUE(eventually([&] { return of_sensor("status").is_null(); })) << errors();
  of_sensor("start");
  EXPECT_EQ(status_, 1);
  EXPECT_NE(
      contents_of(path("err")).find("the configuration has no [spool]: add it and restart to keep frames"),
      std::string::npos)
      << contents_of(path("err"));
  extract();
  EXPECT_EQ(status_, 2);
  EXPECT_NE(contents_of(path("err")).find("has no [spool], so no frames are kept"), std::string::npos);
}

// With rings that are soon full: every frame of interest is written, dropped or lost, and the events have all
// theirs.
TEST_F(LiveSpool, KilledItIsReadableAndClosedByTheNextAndDropsAreCounted) {
  configure("infinite_rx=1", "ring_bytes = 262144\nmax_bytes = 30000000\nrotate_bytes = 5000000\n");
  const auto killed = start();
  ASSERT_TRUE(eventually([&] { return written() > 20'000; })) << errors();
  killed->signal(SIGKILL);
  killed->wait();
  ASSERT_EQ(files(".pcap.part"), 1U);
  const json before = extract();
  ASSERT_EQ(status_, 0) << contents_of(path("err"));
  EXPECT_GT(before["frames"], 10'000);
  slice();

  const auto next = start();
  ASSERT_TRUE(eventually([&] { return written() > 1000; })) << errors();
  next->signal(SIGTERM);
  EXPECT_EQ(next->wait(), 0) << errors();
  EXPECT_EQ(files(".pcap.part"), 0U);
  const json run = report();
  const json& spool = run["live"]["spool"];
  EXPECT_EQ(spool["written"].get<std::uint64_t>() + spool["dropped"].get<std::uint64_t>() +
                spool["lost"].get<std::uint64_t>(),
            of_interest(run));
  EXPECT_LE(spool["bytes"], 30'000'000);
  extract();
  EXPECT_EQ(status_, 0) << contents_of(path("err"));
}

// On a file system of its own, until something is deleted there.
TEST_F(LiveSpool, AFullDiskIsSaidAndWrittenOnWhenThereIsRoom) {
  if (shell("unshare -m true 2>/dev/null") != 0)
    GTEST_SKIP() << "needs to be root, to mount a tmpfs of its own";
  configure("infinite_rx=1", "max_bytes = 30000000\nrotate_bytes = 2000000\nfolder = \"small/spool\"\n");
  std::filesystem::create_directory(path("small"));
  std::ofstream(path("script"))
      << "mount -t tmpfs -o size=5m tapline_test small && "
         "head -c 4000000 /dev/zero >small/filler || exit 9\n"
         "(until [ -e room ]; do sleep 0.1; done; rm small/filler) &\n"
         "\"$0\" run --json --config tapline.toml &\n"
         "echo $! >pid; wait $!; status=$?\n"
         "\"$0\" capture extract --config tapline.toml --from @1 --to @4000000000 -w slice.pcap"
         " --json >slice.json 2>slice.err || exit 8\n"
         "exit $status\n";
  Process process(
      {"env", "-C", path(""), "unshare", "-m", "sh", "-c", contents_of(path("script")), tapline()},
      path("run.json"), path("run.err"));
  ASSERT_TRUE(eventually([&] { return errors().find("No space left on device") != std::string::npos; }))
      << errors();
  ASSERT_TRUE(eventually([&] { return of_sensor("status")["lost"] > 0; }));
  std::ofstream(path("room")) << "";
  ASSERT_TRUE(eventually([&] { return errors().find("all is well again") != std::string::npos; }))
      << errors();
  kill(std::stoi(contents_of(path("pid"))), SIGTERM);
  EXPECT_EQ(process.wait(), 0) << errors() << contents_of(path("slice.err"));
  const json spool = report()["live"]["spool"];
  EXPECT_EQ(spool["written"].get<std::uint64_t>() + spool["dropped"].get<std::uint64_t>() +
                spool["lost"].get<std::uint64_t>(),
            of_interest(report()));
  EXPECT_EQ(json::parse(contents_of(path("slice.json")))["frames"], spool["written"]);
}

}  // namespace
}  // namespace tests
