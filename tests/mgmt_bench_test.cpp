#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "mgmt/bench_progress.h"
#include "mgmt/bench_report.h"
#include "mgmt/line_rate.h"
#include "mgmt/rate_search.h"
#include "mgmt/summary_delay.h"

namespace mgmt {
namespace {

constexpr RateBounds kBounds = {.least = 1000, .most = 40e6, .resolution = 0.02};

RateFound search(double capacity, std::vector<double>* tried = nullptr) {
  return highest_rate(kBounds, [&](double rate) {
    if (tried != nullptr) tried->push_back(rate);
    return rate <= capacity;
  });
}

TEST(RateSearch, FindsTheCapacityWithinTheResolutionFromBelow) {
  for (const double capacity : {1.2e3, 77e3, 1e6, 14.88e6, 20e6, 39.9e6}) {
    const RateFound found = search(capacity);
    EXPECT_LE(found.rate, capacity);
    EXPECT_GE(found.rate, capacity * (1 - 1.001 * kBounds.resolution)) << capacity;
    EXPECT_FALSE(found.is_most);
  }
}

TEST(RateSearch, HalvesSoItTakesAFewTrials) {
  EXPECT_LE(search(20.1e6).trials, 2 + std::ceil(std::log2(1 / kBounds.resolution)));
}

TEST(RateSearch, ADeviceThatHoldsNothingEndsTheSearchWithNothing) {
  std::vector<double> tried;
  const RateFound found = search(0, &tried);
  EXPECT_EQ(found.rate, 0);
  EXPECT_FALSE(found.is_most);
  EXPECT_LE(tried.size(), 17U);  // log2(40e6 / 1000), and both ends
  EXPECT_GE(*std::ranges::min_element(tried), kBounds.least / 2);
}

TEST(RateSearch, ADeviceThatHoldsAllIsAskedOnce) {
  const RateFound found = search(INFINITY);
  EXPECT_EQ(found.rate, kBounds.most);
  EXPECT_TRUE(found.is_most);
  EXPECT_EQ(found.trials, 1U);
}

TEST(RateSearch, ADeviceWithoutRhymeOrReasonEndsToo) {
  unsigned asked = 0;
  const RateFound found = highest_rate(kBounds, [&asked](double) { return ++asked % 3 == 0; });
  EXPECT_LT(found.trials, 40U);
}

// RFC 2544's table for Ethernet, and IEEE 802.3: 14.88 million frames of 64 octets fill 10 Gb/s.
TEST(LineRate, IsThatOfEthernet) {
  EXPECT_NEAR(line_rate(10, 60), 14'880'952, 1);
  EXPECT_NEAR(line_rate(100, 60), 148'809'524, 1);
  EXPECT_NEAR(line_rate(10, 1514), 812'744, 1);
  EXPECT_NEAR(line_rate(0.1, 508), 23'496, 1);
  EXPECT_NEAR(wire_gbps(14'880'952, 60), 10, 1e-5);
  EXPECT_EQ(wire_gbps(0, 60), 0);
}

TEST(SummaryDelays, OfPacketsSpreadOverTheirSecond) {
  SummaryDelays delays;
  delays.add(0.02);
  EXPECT_NEAR(delays.quantiles().p50_s, 0.52, 1e-6);
  EXPECT_NEAR(delays.quantiles().p99_s, 1.01, 1e-6);
  EXPECT_NEAR(delays.quantiles().max_s, 1.02, 1e-6);
}

// Of 100 seconds one came 5 s late: its packets took 5 to 6 s and are the slowest hundredth.
TEST(SummaryDelays, OneLateSecondIsTheSlowestHundredth) {
  SummaryDelays delays;
  for (int i = 0; i < 99; ++i) delays.add(0);
  delays.add(5);
  EXPECT_NEAR(delays.quantiles().p50_s, 50.0 / 99, 1e-6);
  EXPECT_NEAR(delays.quantiles().p99_s, 1, 1e-6);
  EXPECT_NEAR(delays.quantiles().max_s, 6, 1e-6);
}

BenchTrial trial_of(std::uint64_t offered, std::uint64_t missed, std::uint64_t ring_full) {
  BenchTrial trial;
  trial.seconds = 2;
  trial.offered = offered;
  trial.received = offered - missed;
  trial.events = offered / 4;
  trial.missed = missed;
  trial.ring_full = ring_full;
  trial.busy_ns = 50 * trial.received;
  trial.source_ns = 5 * trial.received;
  trial.delays.add(0.02);
  return trial;
}

BenchReport report_of(unsigned workers, unsigned threads) {
  BenchReport report;
  report.mix = "64B";
  report.source = "memory";
  report.mean_octets = 60;
  report.trial_s = 2;
  report.resolution = 0.02;
  report.cores = 2;
  report.tsc_ghz = 2;
  report.results.push_back({.workers = workers,
                            .shards = 1,
                            .threads = threads,
                            .highest = trial_of(29'761'904, 0, 0),
                            .highest_is_most = false,
                            .flat_out = {},
                            .first_loss = trial_of(32'000'000, 1'000'000, 2000),
                            .half_load = trial_of(14'880'952, 0, 0)});
  return report;
}

TEST(BenchReport, SaysRatesSharesCyclesLossesAndDelays) {
  const std::string text = bench_text(report_of(1, 2), {});
  EXPECT_NE(text.find("      1       1  14.88  10.00  100.0 %  40.0 %  25.0 %   10.0 %\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("1  highest   14.88     100      10       0          0          0\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("1  too fast  16.00     100      10   1.00M          0      2.00k\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("1     7.44  520 ms  1.01 s  1.02 s\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("shared cores"), std::string::npos);
}

TEST(BenchReport, SaysPlainlyThatCoresAreShared) {
  const std::string text = bench_text(report_of(2, 3), {});
  EXPECT_NE(text.find("With 2 workers: 3 threads on 2 cores. These are figures of shared cores.\n"),
            std::string::npos)
      << text;
  EXPECT_NE(bench_json(report_of(2, 3)).find("\"shared_cores\": true"), std::string::npos);
}

TEST(BenchReport, NoLineIsWiderThanATerminal) {
  BenchReport report = report_of(64, 128);
  report.mix = "dns-flood-random-clients";
  report.tolerated_loss = 0.001;
  report.results[0].highest_is_most = true;
  report.results[0].highest = report.results[0].flat_out = trial_of(2'000'000'000, 999'999'999, 99'999'999);
  const std::string text = bench_text(report, {});
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    EXPECT_LE(end - at, kTextColumns) << text.substr(at, end - at);
}

TEST(BenchReport, AnUnbalancedTrialIsNoticed) {
  BenchReport report = report_of(1, 2);
  EXPECT_TRUE(report.balanced());
  report.results[0].half_load->balanced = false;
  EXPECT_FALSE(report.balanced());
}

TEST(BenchProgress, FitsTheTerminalAndSaysWhatIsLeft) {
  EXPECT_EQ(bench_progress_line(0.5, "2 workers, trial 4", 30, 60, {}),
            "###########...........  50 %  2 workers, trial 4  30 s left");
  for (const std::size_t columns : {0U, 1U, 10U, 40U, 200U})
    EXPECT_LT(bench_progress_line(0.3, "1 worker, trial 1", 10, columns, {}).size(), columns + 1);
}

}  // namespace
}  // namespace mgmt
