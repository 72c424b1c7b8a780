// Sensors write to a real ClickHouse, which is stopped, killed and cut off meanwhile: each minute is there
// once.
#include <fstream>
#include <random>
#include <regex>

#include <gtest/gtest.h>

#include "mgmt/fleet/init.h"
#include "mgmt/fleet/output.h"
#include "mgmt/fleet/reader.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/host_capture.h"
#include "tests/support/hostile_server.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/privacy_key.h"

namespace tests {
namespace {

using aggregator::SeriesStep;
using mgmt::FleetOutput;
using mgmt::HistoryKind;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

// How long ClickHouse is away: TAPLINE_FLEET_OUTAGE seconds.
seconds outage() {
  const char* const text = std::getenv("TAPLINE_FLEET_OUTAGE");
  return seconds(text == nullptr ? 3 : std::max(1, std::atoi(text)));
}

class LiveFleet : public testing::Test {
 protected:
  void SetUp() override {
    if (ClickHouseServer::program().empty())
      GTEST_SKIP() << "there is no clickhouse-server. Install it: scripts/setup --ci";
    server_ = std::make_unique<ClickHouseServer>();
    ASSERT_EQ(server_->answer("SELECT 1"), "1\n");
  }
  void init() {
    mgmt::ClickHouse clickhouse(server_->settings());
    mgmt::init_fleet("tapline", clickhouse);
  }
  mgmt::FleetOutputSettings output_settings(std::uint64_t run, int port) const {
    mgmt::FleetOutputSettings settings;
    settings.fleet = server_->settings();
    settings.fleet.url.port = static_cast<std::uint16_t>(port);
    settings.fleet.batch_minutes = 7;
    settings.sensor = {"box-1", run, {{"10.1.0.25", "mx"}}};
    settings.folder = scratch_.path("state/fleet");
    settings.most_waiting = 10'000;  // minutes come faster here than a disk takes them
    settings.first_pause = milliseconds(20);
    settings.longest_pause = milliseconds(50);
    return settings;
  }
  std::uint64_t sum(HistoryKind kind, SeriesStep step) const {
    mgmt::FleetReader reader(server_->settings(), "", 0);
    mgmt::HistoryQuery query;
    query.kind = kind;
    query.step = step;
    return total(reader.steps(query));
  }
  // Each minute that any run wrote is there with its figures, once.
  void expect_all_once(std::uint64_t minutes) const {
    for (const SeriesStep step : {SeriesStep::kMinute, SeriesStep::kHour, SeriesStep::kDay}) {
      EXPECT_EQ(sum(HistoryKind::kSensor, step), minutes);
      EXPECT_EQ(sum(HistoryKind::kHost, step), 2 * minutes);
      EXPECT_EQ(sum(HistoryKind::kMail, step), 3 * minutes);
    }
  }

  void configure(const std::string& sensor, const std::string& capture, const std::string& more = "",
                 int port = 0) const {
    std::ofstream(scratch_.path(sensor + ".toml"))
        << "[[port]]\nname = \"" << capture
        << "\"\ndriver = \"pcap\"\n[network]\ninternal = [\"10.0.0.0/16\"]\nlocal_domains = "
           "[\"campus.example\"]\n"
        << "[[mail_server]]\nname = \"mx\"\naddress = [\"10.0.0.25\"]\n[socket]\npath = "
           "\"\"\n[state]\nfolder = \""
        << scratch_.path(sensor)
        << "\"\n[history]\n[fleet]\nurl = \"http://127.0.0.1:" << (port == 0 ? server_->port() : port)
        << "\"\nsensor = \"" << sensor << "\"\n"
        << more;
  }
  json run(const std::string& sensor) const {
    Process process({tapline(), "run", "--json", "--config", scratch_.path(sensor + ".toml")},
                    scratch_.path("run.json"), scratch_.path("run.err"));
    EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("run.err"));
    return json::parse(contents_of(scratch_.path("run.json")), nullptr, false);
  }
  // Of the program with these words. What it writes to standard error comes behind.
  std::string answer(std::vector<std::string> words, int expected_status = 0) const {
    words.insert(words.begin(), tapline());
    Process process(words, scratch_.path("out"), scratch_.path("err"));
    EXPECT_EQ(process.wait(), expected_status) << contents_of(scratch_.path("err"));
    return contents_of(scratch_.path("out")) + contents_of(scratch_.path("err"));
  }
  // Of `tapline history query`, of one sensor in the fleet, or of its own history.
  json rows(std::vector<std::string> what, const std::string& sensor, bool fleet) const {
    what.insert(what.begin(), {"history", "query"});
    what.insert(what.end(), {"--json", "--config", scratch_.path(sensor + ".toml")});
    if (fleet) what.insert(what.end(), {"--fleet", "--sensor", sensor});
    return json::parse(answer(std::move(what)), nullptr, false);
  }

  ScratchDirectory scratch_;
  std::unique_ptr<ClickHouseServer> server_;
};

FileBytes few_queries(std::uint32_t start, std::uint32_t count) {
  const Bytes query = frame_bytes(query_packet(host(10), host(53), "www.example.com"));
  Pcap pcap;
  for (std::uint32_t i = 0; i < count; ++i) pcap.frame(start + i, 0, query);
  return pcap.bytes();
}

TEST_F(LiveFleet, WhatTheFleetHasIsWhatTheSensorsHave) {
  configure("box-1", scratch_.write("campus.pcap", attacked_campus().bytes()),
            "[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n");
  configure("box-2", scratch_.write("few.pcap", few_queries(1'700'000'000, 200)));
  EXPECT_NE(answer({"fleet", "init", "--config", scratch_.path("box-1.toml")}).find("host_minute"),
            std::string::npos);
  const json report = run("box-1");
  EXPECT_EQ(report["live"]["fleet"]["waiting"], 0U);
  EXPECT_EQ(report["live"]["fleet"]["trouble"], json());
  run("box-2");
  for (const char* sensor : {"box-1", "box-2"}) {
    for (const char* step : {"1m", "1h", "1d"}) {
      for (const char* what : {"sensor", "host", "mail"}) {
        const json own = rows({what, "--step", step}, sensor, false);
        json fleet = rows({what, "--step", step}, sensor, true);
        for (json& row : fleet["rows"]) {
          EXPECT_EQ(row["sensor"], sensor);
          row.erase("sensor");
        }
        EXPECT_EQ(fleet["rows"], own["rows"]) << sensor << " " << what << " " << step;
        EXPECT_EQ(fleet["step"], own["step"]);
      }
    }
  }
  ASSERT_FALSE(rows({"sensor"}, "box-2", true)["rows"].empty());
  EXPECT_EQ(rows({"host", "mx"}, "box-1", true)["rows"].size(),
            rows({"host", "mx"}, "box-1", false)["rows"].size());

  const json own = rows({"findings"}, "box-1", false)["findings"];
  json fleet = rows({"findings"}, "box-1", true)["findings"];
  ASSERT_GE(own.size(), 2U);
  ASSERT_EQ(fleet.size(), own.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    for (const char* key : {"id", "detector", "subject", "name", "since", "until", "state", "score",
                            "severity", "evidence", "advice"})
      EXPECT_EQ(fleet[i][key], own[i][key]) << key;
  }
}

// Figures are the same; whose they are only the sensor knows.
TEST_F(LiveFleet, WithPrivacyItIsNotToldWhoItIs) {
  write_privacy_key(scratch_.path("key"));
  configure("box-1", scratch_.write("campus.pcap", attacked_campus().bytes()),
            "[privacy]\nkey_file = \"" + scratch_.path("key") +
                "\"\nsinks = [\"fleet\"]\n[detectors]\nstep = \"1s\"\nlearn = \"15s\"\nwindow = \"10s\"\n");
  answer({"fleet", "init", "--config", scratch_.path("box-1.toml")});
  run("box-1");
  std::string told;
  for (const char* table : {"host_minute", "mail_minute", "findings", "gaps", "runs"})
    told += server_->answer(std::string("SELECT * FROM tapline.") + table);
  EXPECT_NE(told.find("backscatter"), std::string::npos);
  // Not in the middle of another: a hidden address may have these numbers in it.
  EXPECT_FALSE(std::regex_search(told, std::regex(R"((^|[^0-9.])10\.0\.0\.)"))) << told.substr(0, 2'000);
  const json own = rows({"host", "mx"}, "box-1", false)["rows"],
             fleet = rows({"host", "mx"}, "box-1", true)["rows"];
  ASSERT_FALSE(own.empty());
  ASSERT_EQ(fleet.size(), own.size());
  EXPECT_NE(fleet[0]["host"], own[0]["host"]);
  EXPECT_EQ(fleet[0]["queries"], own[0]["queries"]);
}

TEST_F(LiveFleet, SensorsStandBesideEachOther) {
  for (const char* sensor : {"box-1", "box-2"})
    configure(sensor, scratch_.write(std::string(sensor) + ".pcap", few_queries(1'700'000'000, 90)));
  answer({"fleet", "init", "--config", scratch_.path("box-1.toml")});
  run("box-1");
  run("box-2");
  const std::vector<std::string> all = {"history", "query", "--fleet", "--config",
                                        scratch_.path("box-1.toml")};
  auto words = all;
  words.push_back("--csv");
  const std::string csv = answer(words);
  EXPECT_TRUE(csv.starts_with("time,begin,sensor,frames,")) << csv;
  EXPECT_NE(csv.find("\r\n2023-11-14T22:13:00Z,1699999980,box-1,"), std::string::npos) << csv;
  EXPECT_NE(csv.find(",box-2,"), std::string::npos);
  const std::string table = answer(all);
  EXPECT_NE(table.find("begin             sensor  queries"), std::string::npos) << table;
  words = all;
  words.insert(words.end(), {"--sensor", "nobody"});
  EXPECT_NE(answer(words).find("Nothing is kept of that time."), std::string::npos);
}

// One that takes requests and never answers: the capture is complete, and its minutes wait for the next run.
TEST_F(LiveFleet, ASilentServerCostsTheCaptureNothing) {
  const std::string capture = scratch_.write("a.pcap", few_queries(1'700'000'000, 500));
  configure("box-1", capture);
  answer({"fleet", "init", "--config", scratch_.path("box-1.toml")});
  {
    const HostileServer silent("", "");
    configure("box-1", capture, "", silent.port());
    const auto start = std::chrono::steady_clock::now();
    const json report = run("box-1");
    EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(20));
    EXPECT_EQ(report["ledger"]["frames"], 500U);
    EXPECT_EQ(report["live"]["fleet"]["sent"], 0U);
    EXPECT_EQ(report["live"]["fleet"]["waiting"], rows({"sensor"}, "box-1", false)["rows"].size());
    EXPECT_NE(
        contents_of(scratch_.path("run.err")).find("minutes that wait on the disk for the next start: "),
        std::string::npos);
    const json status =
        json::parse(answer({"fleet", "status", "--json", "--config", scratch_.path("box-1.toml")}));
    EXPECT_EQ(status["waiting"], report["live"]["fleet"]["waiting"]);
    EXPECT_EQ(status["waiting_bytes"], report["live"]["fleet"]["waiting_bytes"]);
  }
  configure("box-1", capture);
  EXPECT_EQ(run("box-1")["live"]["fleet"]["waiting"], 0U);
  json fleet = rows({"sensor", "--step", "1d"}, "box-1", true)["rows"];
  ASSERT_EQ(fleet.size(), 1U);
  EXPECT_EQ(fleet[0]["frames"], 1'000U) << "of both runs";
}

TEST_F(LiveFleet, AWrongPasswordIsSaidAndNotTold) {
  std::ofstream(scratch_.path("password")) << "secret-of-box-1\n";
  configure("box-1", scratch_.write("a.pcap", few_queries(1'700'000'000, 70)),
            "user = \"sensor\"\npassword_file = \"" + scratch_.path("password") + "\"\n");
  const std::string report = run("box-1").dump();
  const std::string said = contents_of(scratch_.path("run.err"));
  constexpr std::string_view kSentence =
      "does not let the user 'sensor' in: are user and password_file of [fleet] right, and may this machine "
      "connect?";
  const std::size_t at = said.find(kSentence);
  ASSERT_NE(at, std::string::npos) << said;
  EXPECT_EQ(said.find(kSentence, at + 1), std::string::npos) << "once";
  const std::string shown = answer({"config", "show", "--config", scratch_.path("box-1.toml")});
  for (const std::string& text : {report, said, shown})
    EXPECT_EQ(text.find("secret-of-box"), std::string::npos);
  EXPECT_NE(shown.find("password_file"), std::string::npos);
}

// The last minute of a run and the first one of the next are the same: both rows stay, and add up.
TEST_F(LiveFleet, TwoRunsInOneMinuteAddUp) {
  configure("box-1", scratch_.write("a.pcap", few_queries(1'700'000'000, 70)));
  answer({"fleet", "init", "--config", scratch_.path("box-1.toml")});
  run("box-1");
  configure("box-1", scratch_.write("b.pcap", few_queries(1'700'000'075, 70)));
  run("box-1");
  const json own = rows({"sensor"}, "box-1", false);
  json fleet = rows({"sensor"}, "box-1", true);
  for (json& row : fleet["rows"]) row.erase("sensor");
  EXPECT_EQ(fleet["rows"], own["rows"]);
  EXPECT_GT(server_->number("SELECT count() FROM tapline.sensor_minute"), own["rows"].size());
  for (json& gap : fleet["gaps"]) gap.erase("sensor");
  EXPECT_EQ(fleet["gaps"], own["gaps"]);
  ASSERT_EQ(own["gaps"].size(), 1U);
}

TEST_F(LiveFleet, InitMakesWhatIsMissingAndLeavesTheRest) {
  configure("box-1", "none.pcap");
  const std::vector<std::string> init = {"fleet", "init", "--config", scratch_.path("box-1.toml")};
  const std::string first = answer(init);
  EXPECT_EQ(first.find("new columns"), std::string::npos);
  EXPECT_EQ(answer(init), first) << "twice is as once";
  const std::string column = server_->answer(
      "SELECT type FROM system.columns WHERE database = 'tapline' AND "
      "table = 'host_minute' AND name = 'queries_mx'");
  EXPECT_EQ(column, "UInt64\n");
  // As an older tapline would have made it.
  server_->answer("ALTER TABLE tapline.host_minute DROP COLUMN queries_mx");
  EXPECT_EQ(answer(init), first + "new columns: host_minute.queries_mx\n");
  EXPECT_EQ(answer(init), first);

  auto print = init;
  print.push_back("--print");
  const std::string sql = answer(print);
  EXPECT_TRUE(
      sql.starts_with("CREATE DATABASE IF NOT EXISTS `tapline`;\nCREATE TABLE IF NOT EXISTS "
                      "`tapline`.`sensor_minute`("))
      << sql;
  server_->answer("DROP TABLE tapline.gaps");
  server_->answer("CREATE TABLE tapline.gaps (sensor String) ENGINE = TinyLog");
  EXPECT_NE(
      answer(init, 1).find("`tapline`.`gaps` has the engine TinyLog, in which minutes that are sent twice "
                           "would count twice"),
      std::string::npos);
}

TEST_F(LiveFleet, WhatIsWrongIsSaidWithHowToMendIt) {
  const auto refusal = [&](const std::string& more, int status = 1) {
    configure("box-1", "none.pcap", more);
    return answer({"history", "query", "--fleet", "--config", scratch_.path("box-1.toml")}, status);
  };
  EXPECT_NE(
      refusal("").find("has no tables of tapline's in the database 'tapline': 'tapline fleet init' makes "
                       "them"),
      std::string::npos);
  EXPECT_NE(refusal("user = \"nobody\"\n").find("does not let the user 'nobody' in"), std::string::npos);
  EXPECT_NE(refusal("user = \"sensor\"\n").find("does not let the user 'sensor' in"), std::string::npos);
  std::ofstream(scratch_.path("password")) << "geheim\n";
  const std::string good = "user = \"sensor\"\npassword_file = \"" + scratch_.path("password") + "\"\n";
  EXPECT_NE(refusal(good).find("has no tables"), std::string::npos);
  answer({"fleet", "init", "--config", scratch_.path("box-1.toml")});
  EXPECT_NE(refusal(good, 0).find("Nothing is kept"), std::string::npos);
  configure("box-1", "none.pcap", "user = \"guest\"\n");
  EXPECT_NE(answer({"fleet", "init", "--config", scratch_.path("box-1.toml")}, 1)
                .find("does not allow this to the user 'guest'"),
            std::string::npos);
}

TEST_F(LiveFleet, OneThatWasStoppedInTheMiddleHasEveryMinuteOnce) {
  init();
  FleetOutput output(output_settings(1, server_->port()), [](const std::string&) {});
  std::uint64_t put = 0;
  const auto put_some = [&](std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i, ++put) {
      output.put(minute_at(kMidnight + 60 * put), {finding_at(1, static_cast<std::int64_t>(kMidnight))});
      std::this_thread::sleep_for(milliseconds(5));
    }
  };
  put_some(100);
  server_->stop();
  put_some(50);
  std::this_thread::sleep_for(outage());
  put_some(50);
  EXPECT_GE(output.state().waiting, 50U);
  EXPECT_NE(output.state().trouble, "");
  ASSERT_TRUE(server_->start());
  put_some(100);
  server_->kill();
  put_some(50);
  ASSERT_TRUE(server_->start());
  put_some(50);
  EXPECT_TRUE(output.finish(seconds(60)));
  EXPECT_EQ(output.state().sent, put);
  EXPECT_EQ(output.state().waiting, 0U);
  EXPECT_EQ(output.state().lost, 0U);
  expect_all_once(put);
  EXPECT_EQ(server_->number("SELECT count() FROM tapline.findings FINAL"), 1U);
}

// It has the batch, but the sensor never hears of it.
TEST_F(LiveFleet, AnAnswerThatWasLostMakesNoSecondRow) {
  init();
  CuttingProxy proxy(server_->port());
  proxy.cut(30);
  FleetOutput output(output_settings(1, proxy.port()), [](const std::string&) {});
  std::uint64_t put = 0;
  for (; put < 200; ++put) {
    output.put(minute_at(kMidnight + 60 * put), {});
    std::this_thread::sleep_for(milliseconds(10));
  }
  ASSERT_TRUE(eventually([&] { return proxy.still_to_cut() == 0; }));
  EXPECT_TRUE(output.finish(seconds(60)));
  EXPECT_GE(proxy.cuts(), 30);
  expect_all_once(put);
  EXPECT_GT(server_->number("SELECT value FROM system.events WHERE event = 'InsertedRows'"), 3 * put + 500)
      << "else hardly anything was sent twice";
}

// The sensor dies at any moment, in the middle of whatever it does; a run later all is there.
TEST_F(LiveFleet, ASensorThatIsKilledAtAnyMomentLeavesEveryMinuteOnceOrAGap) {
  init();
  std::mt19937 random(1);
  std::uint64_t next = kMidnight;
  std::set<std::uint64_t> in_gaps;
  for (int round = 0; round < 25; ++round) {
    const std::string progress = scratch_.path("progress");
    std::ofstream(progress, std::ios::trunc).close();
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      std::ofstream out(progress, std::ios::app);
      FleetOutput output(output_settings(static_cast<std::uint64_t>(round) + 1, server_->port()),
                         [](const std::string&) {});
      for (std::uint64_t begin = next;; begin += 60) {
        out << begin + 60 << std::endl;
        output.put(minute_at(begin), {});
        std::this_thread::sleep_for(milliseconds(random() % 8));
      }
    }
    ASSERT_TRUE(eventually([&] { return std::filesystem::file_size(progress) > 0; }));
    std::this_thread::sleep_for(milliseconds(random() % (round % 2 == 0 ? 150 : 30)));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended before it was killed";
    std::ifstream in(progress);
    for (std::uint64_t until = 0; in >> until;) next = until;
    next += 300;  // the next run begins five minutes later
  }
  {
    FleetOutput last(output_settings(1000, server_->port()), [](const std::string&) {});
    last.put(minute_at(next), {});
    next += 60;
    ASSERT_TRUE(last.finish(seconds(60)));
  }
  mgmt::FleetReader reader(server_->settings(), "box-1", 0);
  std::map<std::uint64_t, std::uint64_t> minutes;
  for (const mgmt::HistoryStep& step : reader.steps({HistoryKind::kSensor, "", SeriesStep::kMinute, {}}).rows)
    minutes[step.begin] += step.row.counts[0];
  std::uint64_t missing = 0;
  for (const mgmt::HistoryGap& gap : reader.gaps({}).rows) {
    EXPECT_EQ(gap.why, "killed");
    for (std::uint64_t at = gap.begin; at < gap.end; at += 60) {
      EXPECT_FALSE(minutes.contains(at)) << "in a gap, and yet there";
      ++missing;
    }
  }
  for (const auto& [begin, figure] : minutes) EXPECT_EQ(figure, 1U) << "at " << begin;
  EXPECT_EQ(minutes.size() + missing, (next - kMidnight) / 60) << "every minute is a row or in a gap";
  EXPECT_GT(minutes.size(), 25U);
  expect_all_once(minutes.size());
  EXPECT_EQ(server_->number("SELECT count() FROM tapline.runs FINAL"), reader.gaps({}).rows.size() + 1);
}

}  // namespace
}  // namespace tests
