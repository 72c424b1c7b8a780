// Logs and captures through the whole house.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/analysis_settings.h"
#include "mgmt/replay_pipeline.h"
#include "mgmt/report_json.h"
#include "tests/support/captures.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using nlohmann::json;

std::string fixture(const std::string& name) {
  return (source_root() / "tests/fixtures/logs" / name).string();
}

std::vector<dataplane::LogFile> some_logs() {
  wire::LogClock clock(0);
  clock.begin_in(2026);
  const auto server = [](const char* text) { return *wire::address_from(text); };
  return {{dataplane::LogRole::kMail, server("10.1.0.25"), fixture("postfix_3.7.log"), clock},
          {dataplane::LogRole::kMail, server("10.1.0.25"), fixture("dovecot_2.3.log"), clock},
          {dataplane::LogRole::kQuery, server("10.1.0.53"), fixture("bind_9.18.log"), clock}};
}

std::string report(const std::vector<std::string>& captures, unsigned workers, unsigned shards,
                   std::size_t ring_slots) {
  mgmt::Config config;
  config.mail_servers = {{"mx", {*wire::address_from("10.1.0.25"), *wire::address_from("192.0.2.7")}}};
  mgmt::ReplayPlan plan;
  plan.workers = workers;
  plan.shards = shards;
  plan.ring_slots = ring_slots;
  plan.observer = mgmt::observer_settings(config, workers + 1);
  plan.shard = mgmt::shard_settings(config, {});
  plan.shard.logs_alone = captures.empty();
  plan.hosts = mgmt::host_analysis_settings(config, plan.shard, nullptr);
  plan.logs = some_logs();
  dataplane::CaptureReader reader(captures);
  return mgmt::report_json(run_replay(reader, plan, [](std::uint64_t, std::uint64_t) {}).summary);
}

TEST(ReplayLogs, GiveTheSameHoweverTheWorkIsDivided) {
  const std::string capture = (source_root() / "tests/fixtures/e_mail_malware/zeek_smtp.pcap").string();
  for (const auto& captures : {std::vector<std::string>{}, std::vector<std::string>{capture}}) {
    const std::string alone = report(captures, 1, 1, 1024);
    for (const auto& [workers, shards, slots] : {std::tuple{1U, 2U, 4}, {2U, 1U, 1024}, {3U, 3U, 8}})
      EXPECT_EQ(report(captures, workers, shards, static_cast<std::size_t>(slots)), alone)
          << workers << "x" << shards;
  }
}

// Beside a capture the queries of logs are no second time among its DNS messages.
TEST(ReplayLogs, QueriesOfLogsStandForTheTapOnlyWithoutOne) {
  const std::string capture = (source_root() / "tests/fixtures/e_mail_malware/zeek_smtp.pcap").string();
  const json with = json::parse(report({capture}, 1, 1, 1024));
  const json without = json::parse(report({}, 1, 1, 1024));
  EXPECT_EQ(without["dns"]["udp"]["queries"].get<int>() + without["dns"]["tcp"]["queries"].get<int>(), 40);
  EXPECT_LT(with["dns"]["udp"]["queries"], 28);
  EXPECT_EQ(with["mail"][0]["counts"]["logged_a"], without["mail"][0]["counts"]["logged_a"]);
  EXPECT_GT(with["mail"][0]["counts"]["logged_a"], 0);
}

TEST(ReplayLogs, ByTheProgramCountWhatTheFixturesSay) {
  const ScratchDirectory scratch;
  Process process({tapline(), "replay", "--json", "--log-year", "2026", "--log-zone", "UTC", "--maillog",
                   "10.1.0.25=" + fixture("postfix_3.7.log"), "--maillog", "10.1.0.25=/nonexistent"},
                  scratch.path("out"), scratch.path("err"));
  EXPECT_EQ(process.wait(), 1);
  EXPECT_NE(contents_of(scratch.path("err")).find("/nonexistent: "), std::string::npos)
      << contents_of(scratch.path("err"));
  const json report = json::parse(contents_of(scratch.path("out")));
  std::ifstream lines(fixture("postfix_3.7.log"));
  std::uint64_t connects = 0;
  std::uint64_t deferred = 0;
  for (std::string line; std::getline(lines, line);) {
    connects +=
        line.find("smtpd[") != std::string::npos && line.find("]: connect from ") != std::string::npos;
    deferred += line.find(" status=deferred ") != std::string::npos;
  }
  EXPECT_EQ(report["mail"][0]["counts"]["connects"], connects);
  EXPECT_EQ(report["mail"][0]["counts"]["deferred"], deferred);
  EXPECT_GT(deferred, 0U);
  EXPECT_EQ(report["mail"][0]["server"], "10.1.0.25");
}

TEST(ReplayLogs, WrongWordsAreOneSentence) {
  const ScratchDirectory scratch;
  const auto complaint = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {tapline(), "replay"});
    EXPECT_EQ(Process(words, scratch.path("out"), scratch.path("err")).wait(), 2);
    return contents_of(scratch.path("err"));
  };
  EXPECT_NE(complaint({"--maillog", "mail.log"})
                .find("--maillog takes HOST=FILE, such as 10.1.0.25=mail.log, not 'mail.log'"),
            std::string::npos);
  EXPECT_NE(complaint({"--querylog", "ns=x"}).find("name of a [[dns_server]] of the configuration, not 'ns'"),
            std::string::npos);
  EXPECT_NE(
      complaint({"--maillog", "10.1.0.25=x", "--log-zone", "CET"}).find("--log-zone takes UTC or an offset"),
      std::string::npos);
  EXPECT_NE(complaint({"--maillog", "10.1.0.25=x", "--log-year", "26"}).find("--log-year takes a year"),
            std::string::npos);
  EXPECT_NE(complaint({"--maillog", "10.1.0.25=-", "-"}).find("standard input ('-') can be read only once"),
            std::string::npos);
}

}  // namespace
}  // namespace tests
