#include <cmath>

#include <gtest/gtest.h>

#include "mgmt/core_list.h"
#include "mgmt/filter_proof.h"
#include "mgmt/live_plan.h"
#include "mgmt/reload.h"
#include "mgmt/run_ledger.h"
#include "mgmt/run_line.h"

namespace mgmt {
namespace {

using Cores = std::vector<Core>;

Config::Port port(const std::string& name, dataplane::PortDriver driver = dataplane::PortDriver::kDpdk) {
  Config::Port port;
  port.settings.name = name;
  port.settings.driver = driver;
  return port;
}

Machine machine(std::uint64_t cores, std::vector<std::uint64_t> isolated = {}) {
  Machine machine;
  for (std::uint64_t core = 0; core < cores; ++core) machine.cores.push_back(core);
  machine.isolated = std::move(isolated);
  return machine;
}

Config with(std::vector<Config::Port> ports) {
  Config config;
  config.ports = std::move(ports);
  return config;
}

TEST(LivePlan, SharesTheCoresBetweenQueuesAndShardsAndUsesTheFirstOneLast) {
  const LivePlan plan = live_plan(with({port("eth1")}), machine(8));
  EXPECT_EQ(plan.ports[0].settings.queues, 4U);
  EXPECT_EQ(plan.ports[0].cores, (Cores{7, 6, 5, 4}));
  EXPECT_EQ(plan.shard_cores, (Cores{3, 2, 1, 0}));
}

TEST(LivePlan, TakesIsolatedCoresFirst) {
  const LivePlan plan = live_plan(with({port("eth1", dataplane::PortDriver::kAfPacket)}), machine(4, {2}));
  EXPECT_EQ(plan.ports[0].cores, (Cores{2}));
  EXPECT_EQ(plan.shard_cores, (Cores{3}));
}

TEST(LivePlan, KeepsToWhatTheOperatorSays) {
  Config::Port named = port("eth1");
  named.cores = {5, 1};
  named.shard_cores = {3};
  Config::Port other = port("eth2");
  other.settings.queues = 2;
  other.shard_cores = {3, 4};
  const LivePlan plan = live_plan(with({named, other}), machine(8));
  EXPECT_EQ(plan.ports[0].cores, (Cores{5, 1}));
  EXPECT_EQ(plan.ports[1].cores, (Cores{7, 6}));
  EXPECT_EQ(plan.shard_cores, (Cores{3, 4}));
  EXPECT_EQ(plan.workers(), 4U);
  EXPECT_EQ(plan.shard.shards, 2U);
}

TEST(LivePlan, WithTooFewCoresTheSystemPlacesTheRest) {
  const LivePlan plan = live_plan(with({port("eth1"), port("eth2")}), machine(1));
  EXPECT_EQ(plan.ports[0].cores, (Cores{0}));
  EXPECT_EQ(plan.ports[1].cores, (Cores{std::nullopt}));
  EXPECT_EQ(plan.shard_cores, (Cores{std::nullopt}));
}

TEST(LivePlan, HugePagesAreUsedIfThereAreEnough) {
  Machine box = machine(2);
  EXPECT_FALSE(live_plan(with({port("eth1")}), box).hugepages);
  box.free_hugepage_bytes = std::uint64_t{1} << 30;
  const LivePlan plan = live_plan(with({port("eth1")}), box);
  EXPECT_TRUE(plan.hugepages);
  EXPECT_GT(plan.packet_buffer_bytes, 4096U * 2048);
}

TEST(LivePlan, RefusesCoresThatAreNotThere) {
  Config::Port named = port("eth1");
  named.cores = {0, 9};
  try {
    live_plan(with({named}), machine(4));
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "port 'eth1': there is no core 9 to be had here, only 0-3.");
  }
}

// Each of about 2.4 kB has a page of its own.
TEST(LivePlan, WithoutHugePagesPacketBuffersTakeMore) {
  const LivePlan plan = live_plan(with({port("eth1")}), machine(2));
  EXPECT_FALSE(plan.hugepages);
  EXPECT_GE(plan.packet_buffer_bytes, 5887U * 4096);
}

TEST(LivePlan, NeedsAPort) {
  EXPECT_THROW(live_plan(Config{}, machine(2)), std::runtime_error);
}

TEST(CoreList, IsWhatTheKernelWrites) {
  EXPECT_EQ(parse_core_list("2-5,8", 63), (std::vector<std::uint64_t>{2, 3, 4, 5, 8}));
  EXPECT_EQ(parse_core_list("", 63), std::vector<std::uint64_t>{});
  for (const char* wrong : {",", "1,", "5-2", "a", "1-", "-1", "64", "0-64", "1 2"})
    EXPECT_EQ(parse_core_list(wrong, 63), std::nullopt) << wrong;
  EXPECT_EQ(core_list_text(std::vector<std::uint64_t>{2, 3, 4, 5, 8}), "2-5,8");
  EXPECT_EQ(core_list_text({}), "");
}

dataplane::WorkerReport report(std::uint64_t window, std::uint64_t last_window, std::uint64_t frames) {
  dataplane::WorkerReport report;
  report.window = window;
  report.last_window = last_window;
  report.ledger.frames = frames;
  return report;
}

TEST(RunLedger, AddsWhatEachWorkerHadDoneWhenTheWindowBegan) {
  RunLedger ledger(2);
  ledger.add(0, report(5, 0, 0));
  ledger.add(0, report(6, 5, 10));
  ledger.add(0, report(7, 6, 30));
  ledger.add(1, report(5, 0, 0));
  ledger.add(1, report(8, 5, 100));  // nothing in 6 and 7
  EXPECT_EQ(ledger.before(6).ledger.frames, 110U);
  EXPECT_TRUE(ledger.before(6).exact);
  EXPECT_EQ(ledger.before(7).ledger.frames, 130U);
  EXPECT_TRUE(ledger.before(7).exact);
}

TEST(RunLedger, SaysIfAReportIsMissing) {
  RunLedger ledger(1);
  EXPECT_FALSE(ledger.before(3).exact);
  ledger.add(0, report(5, 0, 0));
  ledger.add(0, report(8, 7, 50));  // that of 6 and 7 got lost
  EXPECT_EQ(ledger.before(6).ledger.frames, 50U);
  EXPECT_FALSE(ledger.before(6).exact);
  EXPECT_TRUE(ledger.before(8).exact);
}

TEST(Reload, OnlyWhatWorkersCanBeToldMayChange) {
  const Config running = with({port("eth1")});
  Config wanted = running;
  wanted.decode.dedup_ns = 2'000'000;
  wanted.replay.workers = 7;  // of another command
  EXPECT_TRUE(restart_needed_for(running, wanted).empty());
  EXPECT_EQ(worker_rules(wanted, 1).duplicate_window_ns, 2'000'000);
  wanted.decode.reassemble = false;
  wanted.memory.clients = 5;
  wanted.pairing.window_ns = 5;
  wanted.ports.clear();
  wanted.syslog.emplace();
  EXPECT_EQ(restart_needed_for(running, wanted),
            (std::vector<std::string>{"[pairing]", "decode.reassemble", "[memory]", "[syslog]", "[[port]]"}));
}

// Of 1000 frames of interest a second the NIC's rules let `passed` through.
double ratio_if(std::uint64_t passed) {
  constexpr std::int64_t kStart = 1'700'000'000'300'000'000;
  FilterProof proof(kStart);
  for (std::uint64_t window = 1'699'999'990; window < 1'700'000'000 + 300; ++window) {
    const auto begin = static_cast<std::int64_t>(window) * 1'000'000'000;
    const auto filtered_tenths = [&] {
      int tenths = 0;
      for (int tenth = 0; tenth < 10; ++tenth) tenths += proof.should_drop(begin + tenth * 100'000'000);
      return tenths;
    };
    const auto tenths = begin < kStart ? 0 : static_cast<std::uint64_t>(filtered_tenths());
    const std::uint64_t frames = (tenths * passed + (10 - tenths) * 1000) / 10;
    if (frames > 0) proof.count(window, frames);  // as the shards pass over seconds without events
  }
  EXPECT_EQ(proof.unfiltered_seconds(), 10U);
  return proof.ratio();
}

TEST(FilterProof, IsOneIfTheRulesHideNothingAndMoreIfTheyDo) {
  EXPECT_DOUBLE_EQ(ratio_if(1000), 1);
  EXPECT_DOUBLE_EQ(ratio_if(800), 1.25);
  EXPECT_TRUE(std::isinf(ratio_if(0)));
  EXPECT_DOUBLE_EQ(FilterProof(0).ratio(), 0);
}

TEST(RunLine, LinesUpUnderItsHeadingWhateverTheRate) {
  aggregator::SensorCounts counts;
  const auto line = [&](std::uint64_t clients) { return run_line(1'700'000'001, counts, clients); };
  const std::string heading = run_heading(TextStyle{});
  EXPECT_EQ(line(0).size(), heading.size());
  EXPECT_TRUE(line(0).starts_with("22:13:21 "));
  counts.of.fill(UINT64_MAX / 9);
  counts[aggregator::SensorField::kPairs] = 1;
  EXPECT_EQ(line(UINT64_MAX / 9).size(), heading.size());
  EXPECT_LE(heading.size(), 80U);
}

}  // namespace
}  // namespace mgmt
