// From seconds of the pipeline to the rows of the history.
#include <gtest/gtest.h>

#include "aggregator/shard.h"
#include "mgmt/history/feed.h"
#include "mgmt/history/figures.h"
#include "mgmt/history/reader.h"
#include "tests/support/events.h"
#include "tests/support/host_steps.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/scratch_files.h"

namespace tests {
namespace {

using aggregator::HostField;
using aggregator::MailField;
using aggregator::SensorField;
using aggregator::SeriesStep;
using mgmt::HistoryKind;

const std::vector<aggregator::WatchedServer> kServers = {{"mx", {host(25)}, {}}};

aggregator::ShardSettings shard_settings() {
  aggregator::ShardSettings settings;
  settings.hosts = campus_hosts();
  return settings;
}

aggregator::HostAnalysisSettings analysis_settings(const std::vector<wire::Address>& watched) {
  aggregator::HostAnalysisSettings settings;
  settings.steps.hash = shard_settings().hosts.hash;
  settings.detectors.mail_servers = kServers;
  settings.series.hosts = watched;
  settings.series.busiest = 1;
  return settings;
}

// A sensor whose seconds each have two frames, a query of 10.0.0.7 and a connect in the log of 10.0.0.25.
class MadeUpSensor {
 public:
  explicit MadeUpSensor(const std::vector<wire::Address>& watched = {host(7), host(25)})
      : hosts_(analysis_settings(watched)) {}

  mgmt::LiveSecond second(std::uint64_t second) {
    aggregator::ShardStep step = *shard_.close_step();
    aggregator::HostPart& part = step.hosts.emplace_back();
    part.host = host(7);
    part.counts[HostField::kQueriesA] = 1;
    part.names.add(wire::hash(host(static_cast<std::uint32_t>(second % 5))));
    step.mail.emplace_back().server = host(25);
    step.mail.back().counts[MailField::kConnects] = 1;
    hosts_.add(second, std::move(step), {.frames = 2, .lost = 0});
    mgmt::LiveSecond live;
    live.window = second;
    live.counts[SensorField::kFrames] = 2;
    live.counts[SensorField::kQueries] = 1;
    return live;
  }

  std::vector<mgmt::LiveSecond> seconds(std::uint64_t first, std::uint64_t count) {
    std::vector<mgmt::LiveSecond> all;
    for (std::uint64_t i = 0; i < count; ++i) all.push_back(second(first + i));
    return all;
  }

  aggregator::HostAnalysis& hosts() { return hosts_; }

 private:
  aggregator::Shard shard_{shard_settings()};
  aggregator::HostAnalysis hosts_;
};

class Feed : public testing::Test {
 protected:
  Feed() { settings_.store.folder = scratch_.path("state"); }

  // A run that sees seconds [first, first + count), looked at in portions.
  void run(std::uint64_t first, std::uint64_t count, std::uint64_t portion) {
    MadeUpSensor sensor;
    mgmt::HistoryFeed feed(settings_, kServers, {},
                           [](const std::string& sentence) { ADD_FAILURE() << sentence; });
    for (std::uint64_t at = 0; at < count; at += portion)
      feed.take(sensor.seconds(first + at, std::min(portion, count - at)), &sensor.hosts());
    feed.finish(&sensor.hosts());
  }

  std::vector<mgmt::HistoryStep> steps(HistoryKind kind, SeriesStep step) const {
    return mgmt::HistoryReader(settings_.store.folder).steps({kind, "", step, {}}).rows;
  }
  static std::uint64_t sum(HistoryKind kind, const char* name, const std::vector<mgmt::HistoryStep>& rows) {
    std::uint64_t sum = 0;
    for (const mgmt::HistoryStep& row : rows) sum += mgmt::history_figure(kind, name, row.row).value();
    return sum;
  }

  ScratchDirectory scratch_;
  mgmt::HistoryWriterSettings settings_;
};

TEST_F(Feed, EveryMinuteIsThereOnceHoweverTheSecondsCome) {
  for (const std::uint64_t portion : {1U, 7U, 60U, 400U}) {
    settings_.store.folder = scratch_.path("state" + std::to_string(portion));
    run(kMidnight + 30, 400, portion);
    const auto minutes = steps(HistoryKind::kSensor, SeriesStep::kMinute);
    ASSERT_EQ(minutes.size(), 8U) << portion;
    EXPECT_EQ(sum(HistoryKind::kSensor, "frames", minutes), 800U);
    EXPECT_EQ(sum(HistoryKind::kSensor, "queries", {minutes[0]}), 30U);
    EXPECT_EQ(sum(HistoryKind::kSensor, "queries", {minutes[1]}), 60U);
    EXPECT_EQ(sum(HistoryKind::kSensor, "queries", {minutes[7]}), 10U) << "the last one is not over";
    EXPECT_EQ(sum(HistoryKind::kSensor, "queries", steps(HistoryKind::kSensor, SeriesStep::kDay)), 400U);
  }
}

TEST_F(Feed, HostsAndMailServersHaveRowsOfTheirOwn) {
  run(kMidnight + 30, 400, 7);
  const auto hosts = steps(HistoryKind::kHost, SeriesStep::kMinute);
  ASSERT_EQ(hosts.size(), 8U) << "a host that did nothing has none";
  EXPECT_EQ(hosts[0].row.host, "10.0.0.7");
  EXPECT_EQ(sum(HistoryKind::kHost, "queries", {hosts[1]}), 60U);
  EXPECT_EQ(sum(HistoryKind::kHost, "most_names", {hosts[1]}), 5U);
  EXPECT_EQ(sum(HistoryKind::kHost, "queries_a", steps(HistoryKind::kHost, SeriesStep::kHour)), 400U);
  const auto mail = steps(HistoryKind::kMail, SeriesStep::kMinute);
  EXPECT_EQ(mail.size(), 8U);
  EXPECT_EQ(sum(HistoryKind::kMail, "smtp", mail), 400U);
  EXPECT_EQ(sum(HistoryKind::kMail, "connects", steps(HistoryKind::kMail, SeriesStep::kDay)), 400U);
}

// Ranked a minute after the start: the minute in which that is would be told by half.
TEST_F(Feed, ABusyHostHasRowsFromItsFirstWholeMinuteOn) {
  {
    MadeUpSensor sensor({host(25)});
    mgmt::HistoryFeed feed(settings_, kServers, {}, [](const std::string&) {});
    for (std::uint64_t second = 30; second < 300; ++second)
      feed.take(sensor.seconds(kMidnight + second, 1), &sensor.hosts());
    feed.finish(&sensor.hosts());
  }
  const auto hosts = steps(HistoryKind::kHost, SeriesStep::kMinute);
  ASSERT_EQ(hosts.size(), 3U);
  for (const mgmt::HistoryStep& row : hosts) EXPECT_EQ(sum(HistoryKind::kHost, "queries", {row}), 60U);
  EXPECT_EQ(hosts[0].begin, kMidnight + 120);
}

TEST_F(Feed, ARestartWithinAMinuteAddsToItAndTheSecondsBetweenAreAGap) {
  run(kMidnight, 70, 1);
  run(kMidnight + 80, 100, 1);
  const auto minutes = steps(HistoryKind::kSensor, SeriesStep::kMinute);
  ASSERT_EQ(minutes.size(), 3U);
  EXPECT_EQ(sum(HistoryKind::kSensor, "frames", {minutes[1]}), 2 * 50U);
  EXPECT_EQ(sum(HistoryKind::kSensor, "frames", minutes), 2 * 170U);
  const auto gaps = mgmt::HistoryReader(settings_.store.folder).gaps({}).rows;
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].begin, kMidnight + 70);
  EXPECT_EQ(gaps[0].end, kMidnight + 80);
}

TEST_F(Feed, WithoutHostsTheSensorIsKeptAlone) {
  {
    MadeUpSensor sensor;
    mgmt::HistoryFeed feed(settings_, {}, {}, [](const std::string&) {});
    feed.take(sensor.seconds(kMidnight, 90), nullptr);
    feed.finish(nullptr);
  }
  EXPECT_EQ(steps(HistoryKind::kSensor, SeriesStep::kMinute).size(), 2U);
  EXPECT_TRUE(steps(HistoryKind::kHost, SeriesStep::kMinute).empty());
}

TEST_F(Feed, WithoutTheSectionThereIsNone) {
  EXPECT_EQ(mgmt::history_feed(mgmt::Config()), nullptr);
  mgmt::Config config;
  config.state.folder = scratch_.path("state");
  config.history.emplace().enabled = false;
  EXPECT_EQ(mgmt::history_feed(config), nullptr);
  EXPECT_FALSE(std::filesystem::exists(config.state.folder));
  config.history->enabled = true;
  EXPECT_NE(mgmt::history_feed(config), nullptr);
}

}  // namespace
}  // namespace tests
