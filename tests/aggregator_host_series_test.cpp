#include <gtest/gtest.h>

#include "aggregator/host_analysis.h"
#include "tests/support/host_steps.h"

namespace tests {
namespace {

using aggregator::HostRow;
using aggregator::HostSeries;
using aggregator::SeriesPoint;
using aggregator::SeriesStep;

constexpr std::uint64_t kDay = 86'400;
constexpr std::uint64_t kStart = 19'000 * kDay;

HostRow row(std::uint64_t queries, std::uint64_t destination = 0) {
  HostRow row;
  row.host = host(25);
  row.counts[HostField::kQueriesA] = queries;
  row.destinations.add(destination);
  return row;
}

std::uint64_t queries(const std::vector<SeriesPoint>& points) {
  std::uint64_t sum = 0;
  for (const SeriesPoint& point : points) sum += point.counts.queries();
  return sum;
}

TEST(HostSeries, SecondsAddUpToMinutesHoursAndDays) {
  HostSeries series({200'000, 200'000, 200'000, 200'000});
  std::uint64_t total = 0;
  for (std::uint64_t second = kStart; second < kStart + 2 * kDay; second += 1 + second % 7) {
    series.add(second, row(second % 5, second % 3));
    total += second % 5;
  }
  for (std::size_t step = 0; step < aggregator::kSeriesSteps; ++step) {
    const auto points = series.points(static_cast<SeriesStep>(step));
    EXPECT_EQ(queries(points), total) << step;
    for (const SeriesPoint& point : points) {
      EXPECT_EQ(point.begin % aggregator::kSeriesStepSeconds[step], 0U);
      std::uint64_t of_seconds = 0;
      if (step == 0) continue;
      if (point.begin != kStart + 3600 && point.begin != kStart + kDay) continue;
      for (const SeriesPoint& second : series.points(SeriesStep::kSecond)) {
        if (second.begin / aggregator::kSeriesStepSeconds[step] * aggregator::kSeriesStepSeconds[step] ==
            point.begin)
          of_seconds += second.counts.queries();
      }
      EXPECT_EQ(point.counts.queries(), of_seconds);
    }
  }
  EXPECT_EQ(series.points(SeriesStep::kDay).size(), 2U);
  EXPECT_NEAR(series.points(SeriesStep::kDay)[0].destinations, 3, 0.2);  // not a sum of the seconds'
}

TEST(HostSeries, KeepsAsManyPointsAsItMayTheNewest) {
  HostSeries series({5, 3, 1, 0});
  for (std::uint64_t second = 0; second < 1000; ++second) series.add(kStart + second, row(1));
  const auto seconds = series.points(SeriesStep::kSecond);
  ASSERT_EQ(seconds.size(), 5U);
  EXPECT_EQ(seconds.front().begin, kStart + 995);
  EXPECT_EQ(seconds.back().begin, kStart + 999);
  const auto minutes = series.points(SeriesStep::kMinute);
  ASSERT_EQ(minutes.size(), 3U);
  EXPECT_EQ(minutes.front().counts.queries(), 60U);
  EXPECT_EQ(minutes.back().counts.queries(), 1000U % 60);  // the open one
  EXPECT_EQ(series.points(SeriesStep::kHour).size(), 1U);
  EXPECT_LE(series.points(SeriesStep::kDay).size(), 1U);
}

TEST(HostSeries, StepsWithoutAnythingHaveNoPoint) {
  HostSeries series;
  EXPECT_TRUE(series.points(SeriesStep::kSecond).empty());
  series.add(kStart, row(1));
  series.add(kStart + 100 * kDay, row(2));
  EXPECT_EQ(series.points(SeriesStep::kSecond).size(), 2U);
  EXPECT_EQ(series.points(SeriesStep::kDay).size(), 2U);
  EXPECT_EQ(series.points(SeriesStep::kDay)[1].begin, kStart + 100 * kDay);
}

TEST(HostSeriesStore, KeepsTheHostsItWasToldAndNoOthers) {
  aggregator::HostSeriesStore store({.hosts = {host(7), host(25)}});
  EventScript script;
  script.at(1'000'000 * kSecond).query(host(7), "a.example").query(host(8), "a.example");
  for (const HostStep& step : host_steps_of(script.events())) store.add(1'000'000, step);
  EXPECT_EQ(queries(store.find(host(7))->points(SeriesStep::kSecond)), 1U);
  EXPECT_TRUE(store.find(host(25))->points(SeriesStep::kSecond).empty());
  EXPECT_EQ(store.find(host(8)), nullptr);
}

TEST(HostSeriesStore, CountsThePatternsOfAWatchedHost) {
  aggregator::HostSeriesStore store({.hosts = {host(25)}, .busiest = 0});
  for (std::uint64_t second = 0; second < 3; ++second) {
    HostStep step;
    step.hosts = {row(5)};
    step.patterns = {
        {host(7), 1, 4}, {host(25), 1, 2}, {host(25), static_cast<std::uint32_t>(5 - second), 1}};
    store.add(kStart + second, step);
  }
  using aggregator::PatternMatch;
  const auto minutes = store.find(host(25))->points(SeriesStep::kMinute);
  ASSERT_EQ(minutes.size(), 1U);
  EXPECT_EQ(minutes[0].matches, (std::vector<PatternMatch>{{1, 6}, {3, 1}, {4, 1}, {5, 1}}));
  const auto seconds = store.find(host(25))->points(SeriesStep::kSecond);
  EXPECT_EQ(seconds[0].matches, (std::vector<PatternMatch>{{1, 2}, {5, 1}}));
}

// Busiest in each turn: the host `first` for ten minutes, then `first` + 1, and so on; the lower numbers do
// little.
HostStep busy_step(std::uint64_t minute, std::uint32_t first) {
  HostStep step;
  for (std::uint32_t client = 0; client < 3; ++client) {
    step.hosts.push_back(row(client + 1));
    step.hosts.back().host = host(client);
  }
  step.hosts.push_back(row(1'000));
  step.hosts.back().host = host(first + static_cast<std::uint32_t>(minute / 10));
  return step;
}

TEST(HostSeriesStore, FollowsTheBusiestHostsWithinItsBound) {
  aggregator::HostSeriesStore store({.hosts = {host(25)}, .busiest = 2});
  EXPECT_EQ(store.hosts(), std::vector{host(25)});
  for (std::uint64_t minute = 0; minute < 2; ++minute) store.add(kStart + 60 * minute, busy_step(minute, 30));
  EXPECT_EQ(store.hosts(), (std::vector{host(2), host(25), host(30)})) << "after a minute";
  for (std::uint64_t minute = 2; minute < 60; ++minute)
    store.add(kStart + 60 * minute, busy_step(minute, 30));
  EXPECT_EQ(store.hosts().size(), 3U);
  EXPECT_NE(store.find(host(25)), nullptr);
  EXPECT_NE(store.find(host(34)), nullptr) << "lately";
  EXPECT_EQ(store.find(host(30)), nullptr) << "long ago";
}

// Seconds of a step of ten, in the order of time with gaps, are one step to the detectors and none is lost;
// the last second that a file can hold is no end of the world.
TEST(HostAnalysis, TimesAtBothEndsAreTaken) {
  for (const std::int64_t step_ns : {kSecond, 10 * kSecond, 86'400 * kSecond}) {
    aggregator::ShardSettings settings;
    settings.hosts = campus_hosts();
    aggregator::HostAnalysisSettings analysis_settings;
    analysis_settings.steps.hash = settings.hosts.hash;
    analysis_settings.detectors.step_ns = step_ns;
    analysis_settings.detectors.learn_ns = analysis_settings.detectors.window_ns = 10 * step_ns;
    analysis_settings.series.hosts = {host(7)};
    aggregator::HostAnalysis analysis(analysis_settings);
    aggregator::Shard shard(settings);
    for (const std::uint64_t second : {0ULL, 1ULL, 1'700'000'000ULL, 4'102'444'800ULL, 0xFFFFFFFEULL}) {
      EventScript script;
      script.at(static_cast<std::int64_t>(second) * kSecond).query(host(7), "a.example");
      script.syn(host(7), host(80'000));
      shard.observe(script.events());
      analysis.add(second, *shard.close_step(), {.frames = 2, .lost = 0});
    }
    analysis.complete_before(~std::uint64_t{0});
    EXPECT_EQ(queries(analysis.series().find(host(7))->points(SeriesStep::kSecond)), 5U);
    EXPECT_TRUE(analysis.summary().findings.empty());
  }
}

}  // namespace
}  // namespace tests
