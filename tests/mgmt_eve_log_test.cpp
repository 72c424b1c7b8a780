// All event logs of a capture together: who gets what when, and who is told of what they lost.
#include <algorithm>
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/api/health.h"
#include "mgmt/api/metrics.h"
#include "mgmt/eve/event_log.h"
#include "mgmt/eve/recent_losses.h"
#include "tests/support/fixed_sensor.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using aggregator::FindingState;
using aggregator::SensorField;
using mgmt::EventLog;
using mgmt::EventLogSettings;
using mgmt::LiveSecond;
using nlohmann::json;

constexpr std::uint64_t kBegin = 1'795'329'600;  // a multiple of 10

class EveLog : public testing::Test {
 protected:
  EventLogSettings file(const std::string& name) const {
    EventLogSettings settings;
    settings.path = scratch_.path(name);
    return settings;
  }

  // Of the one file called `name`-..., closed.
  std::vector<json> written(const std::string& name) const {
    std::vector<json> events;
    for (const auto& entry : std::filesystem::directory_iterator(scratch_.path(""))) {
      if (!entry.path().filename().string().starts_with(name + "-")) continue;
      std::istringstream lines(contents_of(entry.path().string()));
      for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line));
    }
    return events;
  }

  static aggregator::LiveLedger ports() { return {}; }
  static mgmt::Disguise clear() { return {}; }

  ScratchDirectory scratch_;
};

LiveSecond second(std::uint64_t at, std::uint64_t queries, std::uint64_t clients = 1) {
  LiveSecond second;
  second.window = at;
  second.counts[SensorField::kQueries] = queries;
  second.clients = clients;
  second.events_drained = at;
  return second;
}

aggregator::FindingChange change(FindingState state, std::uint64_t id) {
  aggregator::FindingChange change{state, {}};
  change.finding.id = id;
  change.finding.detector = "ptr_flood";
  return change;
}

TEST_F(EveLog, StatisticsAreOfIntervalsOfTheClockAndMissNothing) {
  EventLog log({file("a.json")}, ports, clear, {});
  log.take(std::vector{second(kBegin + 7, 1), second(kBegin + 8, 2, 9)});
  log.take(std::vector{second(kBegin + 9, 4)});  // ends an interval
  std::vector<LiveSecond> many;
  for (std::uint64_t at = kBegin + 10; at < kBegin + 31; ++at) many.push_back(second(at, 10));
  log.take(many);
  log.take(std::vector{second(kBegin + 95, 100)});  // after a silence
  log.end();
  const std::vector<json> events = written("a");
  ASSERT_EQ(events.size(), 5U);
  const std::vector<std::uint64_t> sinces = {7, 10, 20, 30, 95}, untils = {10, 20, 30, 31, 96},
                                   queries = {7, 100, 100, 10, 100};
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i]["tapline"]["since"], kBegin + sinces[i]);
    EXPECT_EQ(events[i]["tapline"]["until"], kBegin + untils[i]);
    EXPECT_EQ(events[i]["tapline"]["counts"]["queries"], queries[i]);
  }
  EXPECT_EQ(events[0]["tapline"]["clients_most"], 9);
  EXPECT_EQ(events[4]["tapline"]["events"]["drained"], kBegin + 95);
}

TEST_F(EveLog, EachGetsTheEventsThatItWants) {
  EventLogSettings alerts = file("alerts.json"), stats = file("stats.json");
  alerts.events = {true, false};
  stats.events = {false, true};
  EventLog log({alerts, stats}, ports, clear, {});
  log.take(std::vector{second(kBegin, 1)});
  log.take(std::vector{change(FindingState::kOpened, 1), change(FindingState::kUpdated, 1)});
  log.take(std::vector{change(FindingState::kClosed, 1)});
  log.end();
  ASSERT_EQ(written("alerts").size(), 2U);
  EXPECT_EQ(written("alerts")[0]["tapline"]["change"], "opened");
  EXPECT_EQ(written("alerts")[1]["tapline"]["change"], "closed");
  EXPECT_EQ(written("alerts")[0]["timestamp"], "2026-11-22T06:40:01.000000+0000") << "when it was found";
  ASSERT_EQ(written("stats").size(), 1U);
  EXPECT_EQ(written("stats")[0]["event_type"], "stats");
}

TEST(RecentLosses, AreThoseOfTheLastMinute) {
  using std::chrono::seconds;
  mgmt::RecentLosses losses;
  const auto start = mgmt::RecentLosses::Clock::now();
  EXPECT_EQ(losses.of_last_minute(5, start), 5U);
  EXPECT_EQ(losses.of_last_minute(5, start + seconds(1)), 5U);
  EXPECT_EQ(losses.of_last_minute(8, start + seconds(30)), 8U);
  EXPECT_EQ(losses.of_last_minute(8, start + seconds(65)), 3U);
  EXPECT_EQ(losses.of_last_minute(8, start + seconds(200)), 0U);
}

TEST(EveState, StatusAndMetricsSayWhichLogIsInTrouble) {
  FixedSensor sensor;
  mgmt::SensorState state = *sensor.state();
  if (!state.summary.live) state.summary.live.emplace();
  state.summary.live->event_logs = {{"file /a", 10, 0, 0, ""},
                                    {"unix /b", 20, 7, 3, ""},
                                    {"syslog 10.1.0.9:514", 30, 8, 8, "Connection refused"},
                                    {"unix /c", 40, 9, 0, ""}};
  const std::vector<std::string> expected = {
      "event log unix /b: 3 lines of the last minute were lost, it takes them too slowly",
      "event log syslog 10.1.0.9:514: Connection refused"};
  EXPECT_EQ(mgmt::health_problems(state), expected);
  const std::string metrics = mgmt::metrics_text(state);
  for (const char* const line :
       {"tapline_event_log_lines_total{log=\"unix /b\"} 20\n",
        "tapline_event_log_lost_lines_total{log=\"unix /c\"} 9\n",
        "tapline_event_log_up{log=\"file /a\"} 1\n", "tapline_event_log_up{log=\"syslog 10.1.0.9:514\"} 0\n"})
    EXPECT_NE(metrics.find(line), std::string::npos) << line << metrics;
}

}  // namespace
}  // namespace tests
