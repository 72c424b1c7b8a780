// Minutes come to ClickHouse once each, whatever it does; and it can do no harm.
#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "mgmt/api/health.h"
#include "mgmt/api/metrics.h"
#include "mgmt/fleet/init.h"
#include "mgmt/fleet/output.h"
#include "mgmt/fleet/tab_separated.h"
#include "mgmt/report_json.h"
#include "mgmt/report_text.h"
#include "tests/support/fixed_sensor.h"
#include "tests/support/hostile_server.h"
#include "tests/support/made_up_clickhouse.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/program.h"
#include "tests/support/test_certificate.h"

namespace tests {
namespace {

using mgmt::ClickHouse;
using mgmt::ClickHouseError;
using mgmt::FleetOutput;
using mgmt::FleetTable;
using std::chrono::milliseconds;
using std::chrono::seconds;

mgmt::FleetSettings fleet_at(int port) {
  mgmt::FleetSettings settings;
  settings.url.port = static_cast<std::uint16_t>(port);
  return settings;
}

class Output : public testing::Test {
 protected:
  mgmt::FleetOutputSettings settings(int port) const {
    mgmt::FleetOutputSettings settings;
    settings.fleet = fleet_at(port);
    settings.sensor = {"box-1", run_, {{"10.1.0.25", "mx"}}};
    settings.folder = scratch_.path("state/fleet");
    settings.disk_retry = milliseconds(20);
    settings.first_pause = milliseconds(10);
    settings.longest_pause = milliseconds(40);
    settings.limits.total = milliseconds(500);
    return settings;
  }
  FleetOutput::Say say() {
    return [this](const std::string& sentence) {
      const std::lock_guard lock(mutex_);
      said_.push_back(sentence);
    };
  }
  std::vector<std::string> said() {
    const std::lock_guard lock(mutex_);
    return said_;
  }
  static void put(FleetOutput& output, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = first; i < first + count; ++i)
      output.put(minute_at(kMidnight + 60 * i), {finding_at(1, static_cast<std::int64_t>(kMidnight))});
  }

  ScratchDirectory scratch_;
  std::uint64_t run_ = 1;
  std::mutex mutex_;
  std::vector<std::string> said_;
};

TEST_F(Output, EveryMinuteIsThereOnce) {
  MadeUpClickHouse clickhouse;
  FleetOutput output(settings(clickhouse.port()), say());
  put(output, 0, 100);
  EXPECT_TRUE(output.finish(seconds(20)));
  EXPECT_EQ(clickhouse.rows(FleetTable::kSensor), 100U);
  EXPECT_EQ(clickhouse.rows(FleetTable::kHost), 100U);
  EXPECT_EQ(clickhouse.rows(FleetTable::kMail), 100U);
  EXPECT_EQ(clickhouse.rows(FleetTable::kFindings), 1U);
  EXPECT_EQ(clickhouse.rows(FleetTable::kRuns), 1U);
  EXPECT_EQ(clickhouse.complaints(), std::vector<std::string>());
  EXPECT_EQ(clickhouse.user(), "default");
  const aggregator::LiveFleet state = output.state();
  EXPECT_EQ(state.sent, 100U);
  EXPECT_EQ(state.waiting, 0U);
  EXPECT_EQ(state.trouble, "");
  EXPECT_EQ(said(), std::vector<std::string>());
}

// It has the rows, but the sensor does not know it.
TEST_F(Output, WhatWasTakenButNotConfirmedIsNoSecondRow) {
  MadeUpClickHouse clickhouse;
  clickhouse.refuse(500, "Code: 210, e.displayText() = DB::Exception: broken off", true);
  FleetOutput output(settings(clickhouse.port()), say());
  put(output, 0, 5);
  ASSERT_TRUE(
      eventually([&] { return clickhouse.rows(FleetTable::kSensor) == 5 && clickhouse.requests() > 5; }));
  clickhouse.agree();
  EXPECT_TRUE(output.finish(seconds(20)));
  EXPECT_EQ(clickhouse.rows(FleetTable::kSensor), 5U);
  EXPECT_GT(clickhouse.taken(), 5U * 3 + 5) << "else nothing was sent twice";
  EXPECT_EQ(output.state().sent, 5U);
}

TEST_F(Output, WhileItIsAwayMinutesWaitAlsoForTheNextRun) {
  int port = 0;
  {
    MadeUpClickHouse clickhouse;
    port = clickhouse.port();
  }
  {
    FleetOutput output(settings(port), say());
    put(output, 0, 30);
    ASSERT_TRUE(
        eventually([&] { return !output.state().trouble.empty() && output.state().waiting_bytes > 0; }));
    EXPECT_TRUE(output.finish(seconds(5))) << "all is on the disk";
    EXPECT_EQ(output.state().waiting, 30U);
  }
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(said()[0],
            "fleet: http://127.0.0.1:" + std::to_string(port) +
                ": cannot be reached. Is ClickHouse running, and its HTTP interface at this address? "
                "Minutes wait on the disk, at most 268 MB, and are sent later");
  MadeUpClickHouse clickhouse(port);
  run_ = 2;
  FleetOutput output(settings(port), say());
  put(output, 40, 1);
  EXPECT_TRUE(output.finish(seconds(20)));
  EXPECT_EQ(clickhouse.rows(FleetTable::kSensor), 31U);
  const auto gaps = clickhouse.all(FleetTable::kGaps);
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0]["begin"], kMidnight + 30 * 60);
  EXPECT_EQ(gaps[0]["end"], kMidnight + 40 * 60);
  EXPECT_EQ(gaps[0]["why"], "stopped");
}

TEST_F(Output, ARefusalIsSaidOnceWithHowToMendIt) {
  const std::map<std::string, std::string> expected = {
      {"Code: 60, e.displayText() = DB::Exception: Table tapline.runs doesn't exist., e.what() = "
       "DB::Exception",
       "has no tables of tapline's in the database 'tapline': 'tapline fleet init' makes them"},
      {"Code: 81. DB::Exception: Database tapline does not exist. (UNKNOWN_DATABASE) (version 23.8)",
       "has no tables of tapline's in the database 'tapline': 'tapline fleet init' makes them"},
      {"Code: 117, e.displayText() = DB::Exception: Unknown field found while parsing JSONEachRow format: "
       "neu: "
       "(at row 1)",
       "does not have all columns: 'tapline fleet init' adds them (Unknown field found while parsing "
       "JSONEachRow "
       "format: neu)"},
      {"Code: 193, e.displayText() = DB::Exception: Wrong password for user default, e.what() = "
       "DB::Exception",
       "does not let the user 'default' in: are user and password_file of [fleet] right, and may this "
       "machine "
       "connect?"},
      {"Code: 241. DB::Exception: Memory limit exceeded", "Memory limit exceeded"},
      {"<html>sign in\x1B[2J</html>",
       "answers with the HTTP status 500, and not as ClickHouse does. Is url of [fleet] right?"}};
  for (const auto& [words, sentence] : expected) {
    said_.clear();
    std::filesystem::remove_all(scratch_.path("state"));
    MadeUpClickHouse clickhouse;
    clickhouse.refuse(500, words);
    FleetOutput output(settings(clickhouse.port()), say());
    put(output, 0, 3);
    ASSERT_TRUE(eventually([&] { return clickhouse.requests() >= 5; }));
    ASSERT_EQ(said().size(), 1U) << words;
    EXPECT_NE(said()[0].find(": " + sentence), std::string::npos) << said()[0];
    clickhouse.agree();
    ASSERT_TRUE(eventually([&] { return said().size() == 2; }));
    EXPECT_EQ(said()[1], "fleet: is written to again, nothing was lost");
    EXPECT_EQ(clickhouse.rows(FleetTable::kSensor), 3U);
  }
}

// A portal that says 200 to everything must not swallow minutes.
TEST_F(Output, Who200sAlsoSaysSomethingIsNotClickHouse) {
  MadeUpClickHouse portal;
  portal.refuse(200, "<html>Welcome! Please sign in.</html>");
  FleetOutput output(settings(portal.port()), say());
  put(output, 0, 3);
  ASSERT_TRUE(eventually([&] { return portal.requests() >= 3; }));
  EXPECT_EQ(output.state().waiting, 3U);
  EXPECT_NE(output.state().trouble.find("not as ClickHouse does"), std::string::npos);
}

TEST_F(Output, WhatTheFullSpoolGivesUpIsCountedAndAGap) {
  MadeUpClickHouse clickhouse;
  clickhouse.refuse(500, "Code: 1");
  auto small = settings(clickhouse.port());
  small.fleet.spool_bytes = 40'000;
  small.fleet.batch_minutes = 2;
  FleetOutput output(small, say());
  for (std::uint64_t i = 0; i < 100; ++i) {
    put(output, i, 1);
    ASSERT_TRUE(eventually([&] { return output.state().waiting_bytes > 0; }));
    usleep(500);
  }
  ASSERT_TRUE(eventually([&] {
    const auto state = output.state();
    return state.waiting + state.lost == 100 && state.waiting < 25;
  }));
  EXPECT_LE(output.state().waiting_bytes, 50'000U) << "a batch more than the bound, at most";
  EXPECT_GT(output.state().lost, 50U);
  EXPECT_EQ(output.state().lost_late, output.state().lost);
  clickhouse.agree();
  EXPECT_TRUE(output.finish(seconds(20)));
  std::uint64_t missing = 0;
  for (const auto& gap : clickhouse.all(FleetTable::kGaps)) {
    EXPECT_EQ(gap["why"], "unsent");
    missing += (gap["end"].get<std::uint64_t>() - gap["begin"].get<std::uint64_t>()) / 60;
  }
  EXPECT_EQ(missing, output.state().lost);
  EXPECT_EQ(clickhouse.rows(FleetTable::kSensor) + missing, 100U) << "every minute is a row or in a gap";
}

TEST_F(Output, WhoHandsOverAMinuteNeverWaits) {
  const HostileServer silent("", "");
  auto slow = settings(silent.port());
  slow.limits.total = seconds(30);
  FleetOutput output(slow, say());
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    put(output, i, 1);
    output.state();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, slow.limits.total / 2);
  EXPECT_FALSE(output.finish(milliseconds(1))) << "and the end is waited for no longer than was said";
}

TEST_F(Output, NobodyWaitsForAServerThatIsSilentAtTheEnd) {
  const HostileServer silent("", "");
  auto slow = settings(silent.port());
  slow.limits.total = seconds(30);
  const auto start = std::chrono::steady_clock::now();
  {
    FleetOutput output(slow, say());
    put(output, 0, 3);
    EXPECT_TRUE(output.finish(milliseconds(300)));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, slow.limits.total / 2);
}

TEST(FleetState, IsInMetricsHealthReportAndJson) {
  FixedSensor fixed;
  mgmt::SensorState state = *fixed.state();
  for (const char* line :
       {"tapline_fleet_sent_minutes_total 100\n", "tapline_fleet_waiting_minutes 2\n",
        "tapline_fleet_waiting_bytes 3000\n", "tapline_fleet_lost_minutes_total 1\n", "tapline_fleet_up 1\n"})
    EXPECT_NE(mgmt::metrics_text(state).find(line), std::string::npos) << line;
  const std::string report = mgmt::report_text(state.summary, "tapline run", {}, {});
  EXPECT_NE(report.find("fleet     http://127.0.0.1:8123: minutes sent 100, waiting 2, lost 1\n"),
            std::string::npos)
      << report;
  state.summary.live->fleet->trouble = "http://127.0.0.1:8123: cannot be reached";
  state.summary.live->fleet->lost_late = 1;
  EXPECT_NE(mgmt::metrics_text(state).find("tapline_fleet_up 0\n"), std::string::npos);
  const auto problems = mgmt::health_problems(state);
  EXPECT_EQ(std::ranges::count(problems, "fleet: http://127.0.0.1:8123: cannot be reached"), 1);
  EXPECT_EQ(std::ranges::count(
                problems,
                "fleet: 1 of its minutes found no room to wait any more: a greater spool_bytes would help"),
            1);
  const auto json = nlohmann::json::parse(mgmt::report_json(state.summary));
  EXPECT_EQ(json["live"]["fleet"]["waiting"], 2);
  state.summary.live->fleet.reset();
  EXPECT_EQ(mgmt::metrics_text(state).find("fleet"), std::string::npos);
}

std::uint64_t memory_now() {
  std::uint64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * 4096;
}

// What a query to it comes to, as it would be said; and no more than so much memory and time.
std::string outcome_of(const HostileServer& server, mgmt::ClickHouseLimits limits) {
  ClickHouse clickhouse(fleet_at(server.port()), limits);
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t before = memory_now();
  std::string outcome;
  try {
    outcome = "answered " + std::to_string(clickhouse.query("SELECT 1").size());
  } catch (const ClickHouseError& error) {
    outcome = error.what();
  }
  EXPECT_LT(memory_now(), before + (std::uint64_t{150} << 20));
  EXPECT_LT(std::chrono::steady_clock::now() - start, limits.total + seconds(20));
  return outcome.substr(outcome.find(' ') + 1);
}

TEST(ClickHouseClient, WhatNeverEndsIsEnded) {
  mgmt::ClickHouseLimits limits;
  limits.answer_bytes = 1 << 20;
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string block(65'536, 'x');
  std::string headers;
  while (headers.size() < block.size()) headers += "X: y\r\n";
  EXPECT_EQ(outcome_of(HostileServer(ok + "\r\n", block), limits), "answered more than 1.0 MB");
  EXPECT_EQ(outcome_of(HostileServer(ok + "Transfer-Encoding: chunked\r\n\r\n", "10000\r\n" + block + "\r\n"),
                       limits),
            "answered more than 1.0 MB");
  EXPECT_EQ(outcome_of(HostileServer(ok + "Content-Length: 99999999999999\r\n\r\n", block), limits),
            "answered more than 1.0 MB");
  EXPECT_EQ(outcome_of(HostileServer(ok, headers), {}), "answered more than 268 MB");
  limits.total = seconds(1);
  EXPECT_EQ(outcome_of(HostileServer("", ""), limits), "took longer than 1 s");
  EXPECT_EQ(outcome_of(HostileServer(ok + "\r\n", "x", milliseconds(10)), limits), "took longer than 1 s");
  EXPECT_EQ(outcome_of(HostileServer(ok, "X: y\r\n", milliseconds(10)), limits), "took longer than 1 s");
}

TEST(ClickHouseClient, GarbageIsNoAnswer) {
  mgmt::ClickHouseLimits limits;
  limits.total = seconds(15);  // of silence it would end later, and say otherwise
  const std::string broken = "broke the connection off, or did not answer in time";
  EXPECT_EQ(outcome_of(HostileServer("\x16\x03\x01garbage\r\n\r\n", ""), limits), broken);
  EXPECT_EQ(outcome_of(HostileServer("HTTP/1.1 200 OK\r\n" + std::string(100'000, 'a'), ""), limits), broken);
  EXPECT_EQ(outcome_of(HostileServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", ""), limits),
            broken);
  EXPECT_EQ(
      outcome_of(HostileServer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n", ""),
                 limits),
      broken);
  EXPECT_EQ(outcome_of(HostileServer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwhole?", ""), limits),
            "answers with the HTTP status 200, and not as ClickHouse does. Is url of [fleet] right?");
  EXPECT_EQ(outcome_of(HostileServer("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n"
                                     "Content-Length: 0\r\n\r\n",
                                     ""),
                       limits),
            "answers with the HTTP status 302, and not as ClickHouse does. Is url of [fleet] right?");
}

// gzip of a gigabyte of zeros would be a megabyte.
TEST(ClickHouseClient, NothingIsUnpacked) {
  const std::string packed = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" +
                             std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", 20);
  EXPECT_EQ(outcome_of(HostileServer(packed, ""), {}), "20");
}

TEST(ClickHouseClient, RowsThatWereNotAskedForAreRefused) {
  const auto refused = [](std::string_view text, std::size_t columns, auto&& read) {
    try {
      mgmt::TabSeparated row(text, columns);
      while (row.next()) read(row);
      return false;
    } catch (const ClickHouseError&) {
      return true;
    }
  };
  const auto count = [](const mgmt::TabSeparated& row) { row.count(0); };
  const auto word = [](const mgmt::TabSeparated& row) { row.word(0); };
  EXPECT_FALSE(refused("", 1, count));
  EXPECT_FALSE(refused("1\n18446744073709551615\n", 1, count));
  for (const char* text :
       {"1", "\n", "1\t2\n", "-1\n", "x\n", "1x\n", "18446744073709551616\n", "1\n\n", "\\N\n"})
    EXPECT_TRUE(refused(text, 1, count)) << text;
  for (const char* text : {"a b\n", "a,b\n", "\x1B[2J\n", "a\\n\n", "=cmd()\n"})
    EXPECT_TRUE(refused(text, 1, word)) << text;
  EXPECT_FALSE(refused("2001:db8::1\n10.1.0.25\nbox-1.campus_a\n\n", 1, word));
  mgmt::TabSeparated row("a\\tb\\n\\\\\\'\t\\N\t-3\t0.25\n", 4);
  ASSERT_TRUE(row.next());
  EXPECT_EQ(row.text(0), "a\tb\n\\'");
  EXPECT_EQ(row.integer_if_any(1), std::nullopt);
  EXPECT_EQ(row.integer_if_any(2), -3);
  EXPECT_EQ(row.real(3), 0.25);
}

TEST(ClickHouseClient, APasswordIsSentAndNeverSaid) {
  const ScratchDirectory scratch;
  MadeUpClickHouse clickhouse;
  clickhouse.refuse(403,
                    "Code: 193, e.displayText() = DB::Exception: Wrong password, e.what() = DB::Exception");
  mgmt::FleetSettings settings = fleet_at(clickhouse.port());
  settings.user = "sensor";
  settings.password_file = scratch.path("password");
  EXPECT_THROW(ClickHouse{settings}, ClickHouseError);
  std::ofstream(settings.password_file) << "\n";
  EXPECT_THROW(ClickHouse{settings}, ClickHouseError);
  std::ofstream(settings.password_file) << "gehe im\n";
  ClickHouse client(settings);
  try {
    client.insert("x", "{}\n");
    ADD_FAILURE();
  } catch (const ClickHouseError& error) {
    EXPECT_EQ(std::string(error.what()).find("gehe"), std::string::npos);
  }
  EXPECT_EQ(clickhouse.user(), "sensor");
  EXPECT_EQ(clickhouse.password(), "gehe im");
}

// Whose certificate nobody vouches for, or is another's, never sees the password.
TEST(ClickHouseClient, OverTlsOnlyTheRightServerIsTalkedTo) {
  const ScratchDirectory scratch;
  const auto outcome = [&](const std::string& name, bool trusted) {
    const TestCertificate certificate(name);
    certificate.save(scratch.path("ca.pem"));
    httplib::SSLServer server(certificate.certificate(), certificate.key());
    std::atomic<int> asked = 0;
    server.Post("/", [&](const httplib::Request&, httplib::Response& response) {
      ++asked;
      response.set_content("1\n", "text/plain");
    });
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread thread([&] { server.listen_after_bind(); });
    mgmt::FleetSettings settings = fleet_at(port);
    settings.url.tls = true;
    if (trusted) settings.tls_ca = scratch.path("ca.pem");
    std::string said;
    try {
      said = ClickHouse(settings).query("SELECT 1");
    } catch (const ClickHouseError& error) {
      said = error.what();
    }
    EXPECT_EQ(asked, said == "1\n" ? 1 : 0);
    server.stop();
    thread.join();
    return said;
  };
  EXPECT_EQ(outcome("IP:127.0.0.1", true), "1\n");
  EXPECT_NE(outcome("IP:127.0.0.1", false).find("shows a certificate that is not vouched for"),
            std::string::npos);
  EXPECT_NE(outcome("DNS:other.example", true).find("shows a certificate that is not vouched for"),
            std::string::npos);
}

TEST(ClickHouseClient, AStringOfSqlIsOneWhateverIsInIt) {
  EXPECT_EQ(mgmt::quoted_text("mx"), "'mx'");
  EXPECT_EQ(mgmt::quoted_text("x' OR 1 -- \\"), "'x\\' OR 1 -- \\\\'");
}

}  // namespace
}  // namespace tests
