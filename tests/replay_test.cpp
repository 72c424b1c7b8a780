// The whole house on real captures: the same answer however the work is divided, and the ledger balances.
#include <algorithm>

#include <gtest/gtest.h>

#include "mgmt/analysis_settings.h"
#include "mgmt/host_curves.h"
#include "mgmt/replay_pipeline.h"
#include "mgmt/report_json.h"
#include "tests/support/captures.h"
#include "tests/support/host_capture.h"
#include "tests/support/sanitized.h"
#include "tests/support/scratch_files.h"

namespace tests {
namespace {

using mgmt::ReplayPlan;
using mgmt::ReplayResult;

ReplayResult replay(const std::vector<std::string>& paths, const ReplayPlan& plan) {
  dataplane::CaptureReader reader(paths);
  return run_replay(reader, plan, [](std::uint64_t, std::uint64_t) {});
}

std::string json(const std::vector<std::string>& paths, const ReplayPlan& plan) {
  return mgmt::report_json(replay(paths, plan).summary);
}

// Under a sanitizer without the long ones, which take minutes then.
std::vector<std::string> all_captures() {
  constexpr std::uintmax_t kLong = 1 << 20;
  std::vector<std::string> paths;
  for (const Row& row : read_tsv(captures() / "truth.tsv")) {
    const std::filesystem::path path = captures() / row.at("file");
    if (!TAPLINE_SANITIZED || std::filesystem::file_size(path) < kLong) paths.push_back(path.string());
  }
  return paths;
}

ReplayPlan divided(unsigned workers, unsigned shards) {
  ReplayPlan plan;
  plan.round_frames = 3;  // small captures, too, are dealt to all workers
  plan.workers = workers;
  plan.shards = shards;
  return plan;
}

struct Division {
  unsigned workers, shards;
};
constexpr Division kDivisions[] = {{1, 2}, {2, 1}, {2, 2}, {4, 3}};

TEST(Replay, EachCaptureGivesTheSameBytesHoweverTheWorkIsDivided) {
  for (const std::string& path : all_captures()) {
    const std::string alone = json({path}, {});
    for (const Division& division : kDivisions) {
      const ReplayPlan plan = divided(division.workers, division.shards);
      ASSERT_EQ(json({path}, plan), alone) << path << " " << division.workers << "x" << division.shards;
    }
  }
}

TEST(Replay, RingsOfFourSlotsOnlyMakeItSlower) {
  for (const auto mode : {aggregator::Correlate::kClient, aggregator::Correlate::kAddress}) {
    ReplayPlan plan;
    plan.shard.mode = mode;
    const std::string alone = json(all_captures(), plan);
    plan.ring_slots = 4;
    ASSERT_EQ(json(all_captures(), plan), alone);
    plan.workers = 4;
    plan.shards = 3;
    ASSERT_EQ(json(all_captures(), plan), alone);
  }
}

TEST(Replay, TablesThatOverflowGiveTheSameBytesHoweverTheWorkIsDivided) {
  ReplayPlan plan;
  plan.shard.open_answers = 256;
  plan.shard.clients = 64;
  plan.shard.names = 512;
  plan.observer.fragments = {.datagrams = 2, .blocks = 64, .blocks_per_datagram = 40};
  plan.observer.streams.streams = 16;
  plan.observer.streams.blocks = 128;
  const std::string alone = json(all_captures(), plan);
  for (const Division& division : kDivisions) {
    plan.workers = division.workers;
    plan.shards = division.shards;
    ASSERT_EQ(json(all_captures(), plan), alone) << division.workers << "x" << division.shards;
  }
}

TEST(Replay, TheReportCountsSynsAsTsharkDoes) {
  for (const Row& row : read_tsv(captures() / "truth.tsv")) {
    const auto summary = replay({(captures() / row.at("file")).string()}, {}).summary;
    EXPECT_EQ(std::to_string(summary.syn), row.at("syn")) << row.at("file");
    EXPECT_EQ(std::to_string(summary.syn_ack), row.at("synack")) << row.at("file");
  }
}

TEST(Replay, ReadingThatFailsEndsAllThreads) {
  dataplane::CaptureReader reader(all_captures());
  const auto fail = [](std::uint64_t frames, std::uint64_t) {
    if (frames > 1'000) throw std::runtime_error("enough");
  };
  EXPECT_THROW(run_replay(reader, divided(4, 3), fail), std::runtime_error);
}

TEST(Replay, EveryFrameAndEveryEventIsAccountedFor) {
  for (const std::string& path : all_captures()) {
    const auto summary = replay({path}, divided(2, 2)).summary;
    const dataplane::Ledger& ledger = summary.ledger;
    EXPECT_EQ(ledger.sum_of_verdicts(), ledger.frames) << path;
    EXPECT_EQ(ledger.ring_full, 0u);
    const auto& dns = summary.dns;
    EXPECT_EQ(ledger[dataplane::EventKind::kQuery], dns.udp_queries + dns.tcp_queries) << path;
    EXPECT_EQ(ledger[dataplane::EventKind::kResponse], dns.udp_responses + dns.tcp_responses) << path;
    std::uint64_t queries = 0;
    for (const auto& [type, count] : dns.types) queries += count;
    EXPECT_EQ(queries + dns.no_question, dns.udp_queries + dns.tcp_queries) << path;
    aggregator::ClientRow sum = summary.other_clients;
    for (const auto& client : summary.clients) {
      sum.queries += client.queries;
      sum.connections += client.connections;
      sum.paired += client.paired;
    }
    EXPECT_EQ(sum.queries, dns.udp_queries + dns.tcp_queries) << path;
    EXPECT_EQ(sum.connections, summary.syn) << path;
    EXPECT_EQ(sum.paired, summary.pairing.pairs) << path;
  }
}

TEST(Replay, ACaptureSeenTwiceByTheMirrorCountsOnceWithDeduplication) {
  const std::string path = (captures() / "d_sessions" / "suri_browse_tls.pcap").string();
  ReplayPlan plan;
  const auto once = replay({path}, plan).summary;
  plan.observer.duplicates.window_ns = 2'000'000;
  const auto twice = replay({path, path}, plan).summary;
  EXPECT_EQ(twice.ledger.frames, 2 * once.ledger.frames);
  EXPECT_GE(twice.ledger[wire::Verdict::kDuplicate], once.ledger.frames);
  EXPECT_EQ(twice.dns.udp_queries, once.dns.udp_queries);
  EXPECT_EQ(twice.syn, once.syn);
  EXPECT_EQ(twice.pairing.pairs, once.pairing.pairs);
  plan.workers = 3;
  plan.shards = 2;
  EXPECT_EQ(mgmt::report_json(replay({path, path}, plan).summary), mgmt::report_json(twice));
}

TEST(Replay, DeduplicationThatForgetsGivesTheSameBytesEachTimeHoweverTheWorkIsDivided) {
  ReplayPlan plan;
  plan.observer.duplicates = {.window_ns = 1'000'000'000, .packets = 64};
  const auto alone = replay(all_captures(), plan).summary;
  EXPECT_GT(alone.ledger.duplicates_forgotten, 0u);
  EXPECT_EQ(json(all_captures(), plan), mgmt::report_json(alone));
  for (const Division& division : kDivisions) {
    plan.workers = division.workers;
    plan.shards = division.shards;
    ASSERT_EQ(json(all_captures(), plan), mgmt::report_json(alone))
        << division.workers << "x" << division.shards;
  }
}

// Everybody is internal, so that every host is counted by the second.
ReplayPlan host_plan(unsigned workers = 1, unsigned shards = 1) {
  mgmt::Config config;
  config.network.internal = {wire::Network(wire::Address{}, 0)};
  config.network.local_domains = {"campus.example"};
  config.mail_servers = {{"mx1", {host(25)}}};
  config.dns_servers = {{"ns1", {host(53)}}};
  config.detectors.learn_ns = 15 * kSecond;
  config.detectors.window_ns = 10 * kSecond;
  ReplayPlan plan = workers * shards == 1 ? ReplayPlan{} : divided(workers, shards);
  plan.observer = mgmt::observer_settings(config, workers);
  plan.shard = mgmt::shard_settings(config);
  plan.hosts = mgmt::host_analysis_settings(config, plan.shard, nullptr);
  return plan;
}

// The report, and the curves of the servers in all steps.
std::string host_text(const std::vector<std::string>& paths, const ReplayPlan& plan) {
  const ReplayResult result = replay(paths, plan);
  std::string text = mgmt::report_json(result.summary);
  for (const wire::Address& server : {host(25), host(53)}) {
    for (std::size_t i = 0; i < aggregator::kSeriesSteps; ++i) {
      const auto step = static_cast<aggregator::SeriesStep>(i);
      text += mgmt::host_curves_csv(
          mgmt::host_curves(server, step, result.hosts->series().find(server)->points(step),
                            result.summary.ledger.first_ns, result.summary.ledger.last_ns, 10'000));
    }
  }
  return text;
}

void expect_the_same_however_divided(const std::vector<std::string>& paths) {
  const std::string alone = host_text(paths, host_plan());
  for (const Division& division : kDivisions) {
    ASSERT_EQ(host_text(paths, host_plan(division.workers, division.shards)), alone)
        << division.workers << "x" << division.shards;
  }
  ReplayPlan small_rings = host_plan();
  small_rings.ring_slots = 4;
  ASSERT_EQ(host_text(paths, small_rings), alone);
}

TEST(ReplayHosts, FindingsAndCurvesAreTheSameHoweverTheWorkIsDivided) {
  const ScratchDirectory directory;
  const std::string path = directory.write("attacks.pcap", attacked_campus().bytes());
  const std::string alone = host_text({path}, host_plan());
  EXPECT_NE(alone.find("\"detector\":\"backscatter\""), std::string::npos) << alone.substr(0, 4000);
  EXPECT_NE(alone.find("\"detector\":\"connections_without_resolution\""), std::string::npos);
  expect_the_same_however_divided({path});
  expect_the_same_however_divided(all_captures());
}

TEST(ReplayHosts, TablesThatOverflowGiveTheSameHoweverTheWorkIsDivided) {
  const ScratchDirectory directory;
  const std::string path = directory.write("attacks.pcap", attacked_campus().bytes());
  const auto full = [](ReplayPlan plan) {
    plan.shard.hosts.hosts = plan.shard.hosts.peers = 64;
    plan.shard.hosts.formed = plan.shard.hosts.unknown = 64;
    plan.shard.names = plan.shard.domains = 512;
    return plan;
  };
  const std::string alone = host_text({path}, full(host_plan()));
  EXPECT_NE(alone, host_text({path}, host_plan()));
  for (const Division& division : kDivisions)
    ASSERT_EQ(host_text({path}, full(host_plan(division.workers, division.shards))), alone);
}

TEST(ReplayHosts, CurvesAddUpToTheReport) {
  const ScratchDirectory directory;
  const std::string path = directory.write("attacks.pcap", attacked_campus().bytes());
  const ReplayResult result = replay({path}, host_plan(2, 2));
  for (std::size_t i = 0; i < aggregator::kSeriesSteps; ++i) {
    std::uint64_t asked = 0;
    std::uint64_t sent = 0;
    for (const auto& point :
         result.hosts->series().find(host(53))->points(static_cast<aggregator::SeriesStep>(i))) {
      asked += point.counts.asked();
      sent += point.counts.sent();
    }
    EXPECT_EQ(asked, result.summary.dns.udp_queries) << i;
    EXPECT_EQ(sent, result.summary.dns.udp_responses) << i;
  }
}

// Frames go back in time, come from 1970, 2100 and the ends of what a file can say; nothing waits for those
// years to pass, and nothing is lost.
TEST(ReplayHosts, TimesThatMakeNoSenseBreakNothing) {
  const ScratchDirectory directory;
  std::uint64_t queries = 0;
  const std::string path = directory.write("times.pcapng", senseless_times(queries).bytes());
  for (const Division& division : {Division{1, 1}, Division{2, 2}}) {
    const ReplayResult result = replay({path}, host_plan(division.workers, division.shards));
    EXPECT_TRUE(result.errors.empty());
    std::uint64_t asked = 0;
    for (const auto& point : result.hosts->series().find(host(53))->points(aggregator::SeriesStep::kDay))
      asked += point.counts.asked();
    EXPECT_EQ(asked, queries);
    EXPECT_EQ(result.summary.dns.udp_queries, queries);
  }
  expect_the_same_however_divided({path});
}

// Seconds with frames that are no events come and go: when the last one is seen is chance, and must not show.
TEST(ReplayHosts, FramesWithoutEventsAtTheEndDoNotShow) {
  const ScratchDirectory directory;
  Pcap quiet_end = attacked_campus();
  for (std::uint32_t i = 0; i < 300; ++i)
    quiet_end.frame(kAttackStart + 60 + i, 0, frame_bytes(tcp_segment(host(7), host(80), 80, 0x10)));
  const std::string path = directory.write("quiet.pcap", quiet_end.bytes());
  for (int i = 0; i < 5; ++i) expect_the_same_however_divided({path});
}

TEST(Replay, SeveralFilesAreOneStreamInTimeOrder) {
  const std::vector<std::string> forward = all_captures();
  const std::vector<std::string> backward(forward.rbegin(), forward.rend());
  const auto a = replay(forward, {}).summary;
  const auto b = replay(backward, {}).summary;
  EXPECT_EQ(a.ledger.verdicts[0], b.ledger.verdicts[0]);
  EXPECT_EQ(a.ledger.frames, b.ledger.frames);
  EXPECT_EQ(a.ledger.first_ns, b.ledger.first_ns);
  EXPECT_EQ(a.pairing.answers, b.pairing.answers);
}

}  // namespace
}  // namespace tests
