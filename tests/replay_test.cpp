// The whole house on real captures: the same answer however the work is divided, and the ledger balances.
#include <algorithm>

#include <gtest/gtest.h>

#include "mgmt/replay_pipeline.h"
#include "mgmt/report_json.h"
#include "tests/support/captures.h"

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

std::vector<std::string> all_captures() {
  std::vector<std::string> paths;
  for (const Row& row : read_tsv(captures() / "truth.tsv"))
    paths.push_back((captures() / row.at("file")).string());
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
    if (frames > 20'000) throw std::runtime_error("enough");
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
