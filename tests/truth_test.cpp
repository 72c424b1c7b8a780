// Every capture, every column of what tshark counts in it.
#include <memory>

#include <gtest/gtest.h>
#include <pcap.h>

#include "tests/support/captures.h"
#include "tests/support/truth_columns.h"
#include "tests/support/worker_run.h"
#include "tests/truth_differences.h"

namespace tests {
namespace {

TruthColumns columns_of(const std::string& path, bool reassemble, dataplane::Ledger& ledger) {
  TruthColumns columns;
  dataplane::ObserverSettings settings;
  settings.reassemble = reassemble;
  const WorkerRun run = run_worker({path}, settings, [&](std::span<const dataplane::Event> events) {
    for (const dataplane::Event& event : events) columns.add(event);
  });
  for (const auto& error : run.errors)
    ADD_FAILURE() << path << " at " << error.offset << ": " << error.reason;
  ledger = run.ledger;
  return columns;
}

// Where files and libpcap number a link type differently (pcap-linktype(7)).
int datalink_of(wire::LinkType link) {
  return link == wire::LinkType::kRaw ? DLT_RAW : static_cast<int>(link);
}

// tcpdump's filter over our reader's frames: the reader hands out what libpcap would.
std::uint64_t frames_matched(const std::string& path) {
  dataplane::CaptureReader reader({path});
  std::unique_ptr<pcap_t, decltype(&pcap_close)> dead(nullptr, pcap_close);
  bpf_program program{};
  std::uint64_t matched = 0;
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    for (const wire::Frame& frame : burst) {
      if (dead == nullptr) {
        dead.reset(pcap_open_dead(datalink_of(frame.link), 262144));
        const char* filter = "(udp port 53) || (tcp port 53) || (tcp[13] & 0x2 != 0)";
        if (pcap_compile(dead.get(), &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
          return ~std::uint64_t{0};
      }
      pcap_pkthdr header{};
      header.caplen = frame.length;
      header.len = frame.wire_length;
      matched += pcap_offline_filter(&program, &header, frame.bytes) != 0;
    }
  }
  if (dead != nullptr) pcap_freecode(&program);
  return matched;
}

class Truth : public testing::TestWithParam<Row> {};

TEST_P(Truth, EveryColumnIsWhatTsharkCounts) {
  const Row& row = GetParam();
  const std::string file = row.at("file");
  const std::string path = (captures() / file).string();
  dataplane::Ledger ledger;
  dataplane::Ledger unused;
  const TruthColumns columns = columns_of(path, true, ledger);
  const TruthColumns without_reassembly = columns_of(path, false, unused);
  EXPECT_EQ(ledger.sum_of_verdicts(), ledger.frames);
  EXPECT_EQ(std::to_string(ledger.frames), row.at("frames"));
  if (row.at("bpf") != "NA") {
    EXPECT_EQ(std::to_string(frames_matched(path)), row.at("bpf"));
  }

  for (const auto& [name, cell] : row) {
    if (name == "file" || name == "link" || name == "frames" || name == "bpf" || name == "udp_short")
      continue;
    const bool alone = name.starts_with("nf_");
    const std::uint64_t ours = alone ? without_reassembly[name.substr(3)] : columns[name];
    EXPECT_EQ(ours, expected(file, name, std::stoull(cell))) << name << ": tshark says " << cell;
  }
}

std::string test_name(const testing::TestParamInfo<Row>& row) {
  std::string name = row.param.at("file");
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Captures, Truth, testing::ValuesIn(read_tsv(captures() / "truth.tsv")), test_name);

}  // namespace
}  // namespace tests
