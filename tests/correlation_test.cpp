// The pairing of every capture against the reference that is made with tshark.
#include <gtest/gtest.h>

#include "aggregator/shard.h"
#include "aggregator/summarize.h"
#include "tests/support/captures.h"
#include "tests/support/worker_run.h"

namespace tests {
namespace {

enum class Families {
  kIpv4,  // the paper's: A records only
  kBoth,
};

aggregator::Pairing pairing_of(const std::string& path, aggregator::Correlate mode, Families families) {
  aggregator::ShardSettings settings;
  settings.mode = mode;
  aggregator::Shard shard(settings);
  std::vector<dataplane::Event> kept;
  run_worker({path}, {}, [&](std::span<const dataplane::Event> events) {
    kept.clear();
    for (const dataplane::Event& event : events) {
      const bool aaaa =
          event.kind == dataplane::EventKind::kResolution && (event.flags & dataplane::kHasAaaa) != 0;
      if (families == Families::kBoth || !aaaa) kept.push_back(event);
    }
    shard.observe(kept);
  });
  return summarize(shard.close(), {}).pairing;
}

std::string ports_text(const std::vector<aggregator::PortCount>& ports) {
  std::string text;
  for (const aggregator::PortCount& port : ports) {
    text += (text.empty() ? "" : ",") + std::to_string(port.port) + ":" + std::to_string(port.packets);
  }
  return text.empty() ? "-" : text;
}

class Correlation : public testing::TestWithParam<Row> {};

TEST_P(Correlation, IsTheReferences) {
  const Row& row = GetParam();
  const std::string path = (captures() / row.at("file")).string();
  const auto expect = [&row](const std::string& column, std::uint64_t ours) {
    EXPECT_EQ(std::to_string(ours), row.at(column)) << column;
  };
  const auto paper = pairing_of(path, aggregator::Correlate::kAddress, Families::kIpv4);
  const auto client = pairing_of(path, aggregator::Correlate::kClient, Families::kIpv4);
  const auto paper46 = pairing_of(path, aggregator::Correlate::kAddress, Families::kBoth);
  const auto client46 = pairing_of(path, aggregator::Correlate::kClient, Families::kBoth);
  expect("answers", paper.answers);
  expect("a_rr", paper.a_records);
  expect("syns", paper.syns);
  expect("answers_46", client46.answers_with_address);
  expect("paper_pairs", paper.pairs);
  expect("paper_syns", paper.syns_following);
  EXPECT_EQ(ports_text(paper.paired_ports), row.at("paper_ports"));
  expect("client_pairs", client.pairs);
  expect("client_syns", client.syns_following);
  EXPECT_EQ(ports_text(client.paired_ports), row.at("client_ports"));
  expect("paper46_pairs", paper46.pairs);
  expect("paper46_syns", paper46.syns_following);
  expect("client46_pairs", client46.pairs);
  expect("client46_syns", client46.syns_following);
}

std::string test_name(const testing::TestParamInfo<Row>& row) {
  std::string name = row.param.at("file");
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Captures, Correlation,
                         testing::ValuesIn(read_tsv(captures() / "truth_correlation.tsv")), test_name);

}  // namespace
}  // namespace tests
