// `tapline run` with event logs: a file that is rotated, moved and runs out of disk, a reader who is slow or
// gone. The capture goes on as if there were none.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/balanced_ledger.h"
#include "tests/support/captures.h"
#include "tests/support/privacy_key.h"
#include "tests/support/program.h"
#include "tests/support/stream_listener.h"
#include "tests/support/world/recorder.h"

namespace tests {
namespace {

using nlohmann::json;

class LiveEve : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return scratch_.path(name); }

  // In a circle, at the speed of the machine.
  std::string endless() const {
    return (source_root() / "tests/fixtures/d_sessions/suri_browse_tls.pcap").string();
  }

  void configure(const std::string& capture, const std::string& devargs, const std::string& logs) const {
    std::ofstream(path("tapline.toml"))
        << "[[port]]\nname = \"" << capture << "\"\ndriver = \"pcap\"\ndevargs = \"" << devargs
        << "\"\n[socket]\npath = \"" << path("tapline.sock") << "\"\n"
        << logs;
  }

  std::vector<std::string> words() const {
    return {tapline(), "run", "--json", "--config", path("tapline.toml")};
  }
  std::unique_ptr<Process> start(const std::vector<std::string>& words) const {
    return std::make_unique<Process>(words, path("run.json"), path("run.err"));
  }

  // Ends it in order. What it reported.
  json report_of(Process& process) const {
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0) << errors();
    json report = json::parse(contents_of(path("run.json")), nullptr, false);
    expect_balanced(report);
    return report;
  }

  json status() const {
    Process({tapline(), "status", "--json", "--socket", path("tapline.sock")}, path("status"),
            path("status.err"))
        .wait();
    return json::parse(contents_of(path("status")), nullptr, false);
  }

  std::string errors() const { return contents_of(path("run.err")); }

  std::vector<std::string> closed_files() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path(""))) {
      if (entry.path().filename().string().starts_with("eve-")) found.push_back(entry.path());
    }
    std::ranges::sort(found, {},
                      [](const std::string& file) { return std::filesystem::last_write_time(file); });
    return found;
  }

  ScratchDirectory scratch_;
};

std::vector<json> events_of(const std::string& text) {
  std::vector<json> events;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    events.push_back(json::parse(line, nullptr, false));
    EXPECT_TRUE(events.back().is_object()) << line;
  }
  EXPECT_TRUE(text.empty() || text.ends_with('\n'));
  return events;
}

std::string file_log(const std::string& path, const std::string& more = "") {
  return "[[event_log]]\ntype = \"file\"\npath = \"" + path + "\"\nstats_every = \"1s\"\n" + more;
}
std::string unix_log(const std::string& path, const std::string& more = "") {
  return "[[event_log]]\ntype = \"unix\"\npath = \"" + path + "\"\nstats_every = \"1s\"\n" + more;
}

TEST_F(LiveEve, AnAttackIsAlertedOfInTwoLogsAtOnceAndTheStatisticsAddUp) {
  const auto* scenario = world::scenario_named("backscatter_many_clients");
  ASSERT_NE(scenario, nullptr);
  world::Recorder().record(*scenario, scenario->strengths.back(), 1, path("attack.pcap"));
  const StreamListener listener(path("collector"));
  configure(path("attack.pcap"), "",
            file_log(path("eve.json")) + unix_log(path("collector")) +
                "[network]\ninternal = [\"10.1.0.0/16\"]\nlocal_domains = [\"campus.example\"]\n"
                "[[mail_server]]\nname = \"mx\\\"{}\"\naddress = \"10.1.0.25\"\n"
                "[[dns_server]]\nname = \"dns\"\naddress = \"10.1.0.53\"\n"
                "[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n");
  const auto process = start(words());
  EXPECT_EQ(process->wait(), 0) << errors();
  const json report = json::parse(contents_of(path("run.json")), nullptr, false);
  ASSERT_EQ(closed_files().size(), 1U) << errors();
  const std::vector<json> events = events_of(contents_of(closed_files()[0]));
  std::vector<json> opened;
  std::uint64_t frames = 0, queries = 0;
  json last_stats;  // an alert of the last second may follow it
  std::string before;
  for (const json& event : events) {
    const std::string at = event["timestamp"];
    EXPECT_LE(before, at) << "in order";
    before = at;
    if (event["event_type"] == "alert" && event["tapline"]["change"] == "opened") opened.push_back(event);
    if (event["event_type"] != "stats") continue;
    last_stats = event;
    frames += event["tapline"]["counts"]["frames"].get<std::uint64_t>();
    queries += event["tapline"]["counts"]["queries"].get<std::uint64_t>();
  }
  EXPECT_EQ(frames, report["ledger"]["frames"].get<std::uint64_t>());
  EXPECT_EQ(queries, report["dns"]["udp"]["queries"].get<std::uint64_t>() +
                         report["dns"]["tcp"]["queries"].get<std::uint64_t>());
  EXPECT_EQ(last_stats["tapline"]["ledger"]["frames"], report["ledger"]["frames"]);
  ASSERT_FALSE(opened.empty());
  EXPECT_EQ(opened.size(), report["findings"].size());
  EXPECT_EQ(opened[0]["src_ip"], "10.1.0.25");
  EXPECT_EQ(opened[0]["alert"]["signature_id"], 1'853'001);
  EXPECT_EQ(opened[0]["tapline"]["name"], "mx\"{}");
  ASSERT_TRUE(eventually([&] { return listener.lines().size() == events.size(); }));
  EXPECT_EQ(events_of(listener.received()).back()["timestamp"], events.back()["timestamp"]);
  for (const json& log : report["live"]["event_logs"]) {
    EXPECT_EQ(log["written"], events.size());
    EXPECT_EQ(log["lost"], 0);
  }
}

TEST_F(LiveEve, EveryDnsMessageIsALine) {
  configure((source_root() / "tests/fixtures/b_dns_tcp/dnscap_dnso1tcp.pcap").string(), "",
            file_log(path("eve.json"), "events = [\"dns\"]\n"));
  const auto process = start(words());
  EXPECT_EQ(process->wait(), 0) << errors();
  const json report = json::parse(contents_of(path("run.json")), nullptr, false);
  ASSERT_EQ(closed_files().size(), 1U) << errors();
  std::uint64_t queries = 0, responses = 0;
  for (const json& event : events_of(contents_of(closed_files()[0]))) {
    EXPECT_EQ(event["event_type"], "dns");
    EXPECT_EQ(event["proto"], "TCP");
    (event["dns"]["type"] == "query" ? queries : responses) += 1;
  }
  EXPECT_GT(queries, 0U);
  EXPECT_EQ(queries, report["dns"]["tcp"]["queries"]);
  EXPECT_EQ(responses, report["dns"]["tcp"]["responses"]);
  EXPECT_EQ(report["live"]["event_logs"][0]["lost"], 0);
}

// The file tells what happened, and to nobody whom.
TEST_F(LiveEve, WithPrivacyItSaysNotWhoItIs) {
  const auto* scenario = world::scenario_named("backscatter_many_clients");
  ASSERT_NE(scenario, nullptr);
  world::Recorder().record(*scenario, scenario->strengths.back(), 1, path("attack.pcap"));
  write_privacy_key(path("key"));
  configure(path("attack.pcap"), "",
            file_log(path("eve.json"), "events = [\"alert\", \"dns\"]\n") + "[privacy]\nkey_file = \"" +
                path("key") +
                "\"\nsinks = [\"event_log\"]\n"
                "[network]\ninternal = [\"10.1.0.0/16\"]\nlocal_domains = [\"campus.example\"]\n"
                "[[mail_server]]\nname = \"mx\"\naddress = \"10.1.0.25\"\n"
                "[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n");
  const auto process = start(words());
  EXPECT_EQ(process->wait(), 0) << errors();
  ASSERT_EQ(closed_files().size(), 1U) << errors();
  const std::string all = contents_of(closed_files()[0]);
  EXPECT_NE(all.find("backscatter"), std::string::npos);
  EXPECT_NE(all.find("\"event_type\":\"dns\""), std::string::npos);
  EXPECT_EQ(all.find("\"10.1.0."), std::string::npos);  // a hidden one may begin with 10.1
  EXPECT_EQ(all.find("campus"), std::string::npos);
  EXPECT_NE(contents_of(path("run.json")).find("10.1.0.25"), std::string::npos);
}

// And the file beside them gets everything.
TEST_F(LiveEve, WhoStopsReadingAndWhoNeverCameCostTheCaptureNothing) {
  StreamListener slow(path("slow"));
  slow.stop_reading();
  configure(endless(), "infinite_rx=1",
            unix_log(path("slow"), "queue = 16\n") + unix_log(path("nobody"), "queue = 16\n") +
                file_log(path("eve.json")));
  const auto process = start(words());
  ASSERT_TRUE(eventually([&] { return slow.connections() == 1; })) << errors();
  ASSERT_TRUE(eventually([&] {
    return errors().find("nobody: cannot be connected to: No such file") != std::string::npos;
  })) << errors();
  ASSERT_TRUE(
      eventually([&] { return status()["live"]["event_logs"][1]["lost"] > 0; }, std::chrono::seconds(60)));
  const json now = status();
  EXPECT_EQ(now["healthy"], false);
  EXPECT_NE(now["problems"].dump().find("nobody: cannot be connected to: No such file or directory"),
            std::string::npos)
      << now["problems"];
  const json report = report_of(*process);
  const json& logs = report["live"]["event_logs"];
  EXPECT_EQ(logs[1]["written"], 0);
  EXPECT_GT(logs[1]["lost"], 0);
  EXPECT_EQ(logs[2]["lost"], 0);
  EXPECT_EQ(logs[0]["written"].get<int>() + logs[0]["lost"].get<int>(), logs[2]["written"]);
}

TEST_F(LiveEve, MovedAwayItIsOpenedAnewOnSighup) {
  configure(endless(), "infinite_rx=1", file_log(path("eve.json")));
  const std::string part = path("eve.json.part");
  const auto process = start(words());
  ASSERT_TRUE(eventually([&] { return !contents_of(part).empty(); })) << errors();
  std::filesystem::rename(part, path("moved"));
  process->signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return !contents_of(part).empty(); })) << errors();
  EXPECT_NE(errors().find("configuration reloaded"), std::string::npos);
  const json report = report_of(*process);
  ASSERT_EQ(closed_files().size(), 1U);
  const std::vector<json> before = events_of(contents_of(path("moved"))),
                          after = events_of(contents_of(closed_files()[0]));
  EXPECT_EQ(before.size() + after.size(), report["live"]["event_logs"][0]["written"]);
  EXPECT_EQ(before.back()["tapline"]["until"], after.front()["tapline"]["since"])
      << "nothing between is lost";
}

TEST_F(LiveEve, IsRotatedAndKilledItIsFinishedByTheNext) {
  configure(endless(), "infinite_rx=1", file_log(path("eve.json"), "rotate_bytes = 5000\nrotate = \"2s\"\n"));
  const auto killed = start(words());
  ASSERT_TRUE(eventually([&] { return closed_files().size() >= 2; })) << errors();
  ASSERT_TRUE(eventually([&] { return !contents_of(path("eve.json.part")).empty(); }));
  killed->signal(SIGKILL);
  killed->wait();
  const std::size_t files = closed_files().size();
  std::ofstream(path("eve.json.part"), std::ios::app) << "{\"half";
  const auto next = start(words());
  ASSERT_TRUE(eventually([&] { return closed_files().size() > files; })) << errors();
  report_of(*next);
  for (const std::string& file : closed_files()) {
    EXPECT_FALSE(events_of(contents_of(file)).empty()) << file;
    EXPECT_LE(std::filesystem::file_size(file), 5000U);
  }
  EXPECT_FALSE(std::filesystem::exists(path("eve.json.part")));
}

// On a file system of its own that is too small, until something is deleted there.
TEST_F(LiveEve, AFullDiskIsSaidOnceAndWrittenOnWhenThereIsRoom) {
  if (shell("unshare -m true 2>/dev/null") != 0)
    GTEST_SKIP() << "needs to be root, to mount a tmpfs of its own";
  std::filesystem::create_directory(path("small"));
  configure(endless(), "infinite_rx=1", file_log(path("small/eve.json"), "queue = 16\n"));
  std::ofstream(path("script")) << "mount -t tmpfs -o size=64k tapline_test small && "
                                   "head -c 57000 /dev/zero >small/filler || exit 9\n"
                                   "(until [ -e room ]; do sleep 0.1; done; rm small/filler) &\n"
                                   "\"$0\" run --json --config tapline.toml &\n"
                                   "echo $! >pid; wait $!; status=$?\n"
                                   "cat small/eve-* >kept; exit $status\n";
  const auto process =
      start({"env", "-C", path(""), "unshare", "-m", "sh", "-c", contents_of(path("script")), tapline()});
  ASSERT_TRUE(eventually([&] { return errors().find("No space left on device") != std::string::npos; }))
      << errors();
  ASSERT_TRUE(
      eventually([&] { return status()["live"]["event_logs"][0]["lost"] > 0; }, std::chrono::seconds(90)));
  EXPECT_NE(status()["problems"].dump().find("No space left on device"), std::string::npos);
  std::ofstream(path("room")) << "";
  ASSERT_TRUE(eventually([&] { return errors().find("all is well again") != std::string::npos; },
                         std::chrono::seconds(60)))
      << errors();
  kill(std::stoi(contents_of(path("pid"))), SIGTERM);
  EXPECT_EQ(process->wait(), 0) << errors();
  const json report = json::parse(contents_of(path("run.json")), nullptr, false);
  expect_balanced(report);
  const std::string said = errors();
  EXPECT_EQ(said.find("No space left"), said.rfind("No space left")) << said;
  EXPECT_EQ(events_of(contents_of(path("kept"))).size(), report["live"]["event_logs"][0]["written"]);
}

}  // namespace
}  // namespace tests
