// On real captures: the rules that a NIC is given hide no DNS and no connection attempt, and are worth
// having.
#include <gtest/gtest.h>

#include "dataplane/capture_reader.h"
#include "dataplane/filter_rules.h"
#include "tests/support/captures.h"

namespace tests {
namespace {

bool of_interest(wire::Verdict verdict) {
  return verdict == wire::Verdict::kDns || verdict == wire::Verdict::kDnsSegment ||
         verdict == wire::Verdict::kSyn || verdict == wire::Verdict::kSynAck ||
         verdict == wire::Verdict::kQuicInitial || verdict == wire::Verdict::kFragment;
}

struct Filtered {
  std::uint64_t frames = 0;
  std::uint64_t passed = 0;
  std::uint64_t hidden = 0;          // of interest and dropped
  std::uint64_t quic_elsewhere = 0;  // QUIC on another port than 443, which no rule can know
};

Filtered filter(const std::string& path) {
  Filtered filtered;
  dataplane::CaptureReader reader({path});
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    for (const wire::Frame& frame : burst) {
      wire::Packet packet;
      const wire::Verdict verdict = wire::decode(frame, packet);
      const bool passes = dataplane::lets_through(packet);
      ++filtered.frames;
      filtered.passed += passes;
      if (passes || !of_interest(verdict)) continue;
      ++(verdict == wire::Verdict::kQuicInitial ? filtered.quic_elsewhere : filtered.hidden);
    }
  }
  return filtered;
}

TEST(FilterRules, HideNoDnsAndNoConnectionAttempt) {
  Filtered sum;
  for (const Row& row : read_tsv(captures() / "truth.tsv")) {
    const Filtered filtered = filter((captures() / row.at("file")).string());
    EXPECT_EQ(filtered.hidden, 0U) << row.at("file");
    sum.frames += filtered.frames;
    sum.passed += filtered.passed;
    sum.quic_elsewhere += filtered.quic_elsewhere;
  }
  EXPECT_LT(sum.quic_elsewhere, sum.frames / 1000);
}

TEST(FilterRules, DropMostOfWhatAHostThatBrowsesSends) {
  const Filtered filtered = filter((captures() / "d_sessions" / "suri_browse_tls.pcap").string());
  EXPECT_LT(filtered.passed, filtered.frames / 5);
}

}  // namespace
}  // namespace tests
