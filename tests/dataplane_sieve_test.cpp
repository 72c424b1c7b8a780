#include <gtest/gtest.h>

#include "dataplane/sieve.h"
#include "dataplane/worker.h"
#include "tests/support/packet_builder.h"
#include "tests/support/worker_run.h"

namespace dataplane {
namespace {

using namespace tests;
using wire::Frame;
using wire::Verdict;

const Bytes kTcpBytes = ethernet(kIpv4, ipv4(kTcp, "192.0.2.1", "192.0.2.2", tcp(4000, 443, 0x10)));
const Bytes kUdpBytes = ethernet(kIpv4, ipv4(kUdp, "192.0.2.1", "192.0.2.2", udp(4000, 443, zeros(20))));
const Bytes kSynBytes = ethernet(kIpv4, ipv4(kTcp, "192.0.2.1", "192.0.2.2", tcp(4000, 443, 0x02)));

const Frame kPlainTcp = frame_of(kTcpBytes);
const Frame kPlainUdp = frame_of(kUdpBytes);
const Frame kSyn = frame_of(kSynBytes);

std::vector<int> picked(Sieve<true>& sieve, const std::vector<Frame>& burst) {
  const Places places = sieve.pick(burst);
  return {places.begin(), places.end()};
}

TEST(Sieve, CountsWhatSaysNothingAndPicksTheRestInOrder) {
  Ledger ledger;
  Sieve<true> sieve(ledger);
  const std::vector<Frame> burst = {kPlainTcp, kSyn, kPlainUdp, kPlainTcp, kSyn, kPlainTcp};
  EXPECT_EQ(picked(sieve, burst), (std::vector<int>{1, 4}));
  EXPECT_EQ(ledger[Verdict::kTcpOther], 3U);
  EXPECT_EQ(ledger[Verdict::kUdpOther], 1U);
  EXPECT_EQ(ledger.sum_of_verdicts(), 4U);
}

TEST(Sieve, TakesBurstsFromNoneToFull) {
  Ledger ledger;
  Sieve<true> sieve(ledger);
  EXPECT_EQ(picked(sieve, {}), std::vector<int>{});
  const std::vector<Frame> full(kBurstFrames, kPlainTcp);
  EXPECT_EQ(picked(sieve, full), std::vector<int>{});
  const std::vector<Frame> flood(kBurstFrames, kSyn);
  EXPECT_EQ(picked(sieve, flood).back(), static_cast<int>(kBurstFrames - 1));
  EXPECT_EQ(ledger[Verdict::kTcpOther], kBurstFrames);
}

// In a flood looking would be for nothing; nor does it pay where it cannot tell what the decoder can.
TEST(Sieve, RestsWhereItDoesNotPay) {
  const Bytes inner = ipv4(kTcp, "192.0.2.1", "192.0.2.2", tcp(4000, 443, 0x10));
  const Bytes two_tags = ethernet(0x88A8, tag(0x8100, tag(kIpv4, inner)));
  const std::vector<Frame> calm = {kPlainTcp, kPlainTcp, kPlainUdp, kSyn};
  const std::vector<int> all = {0, 1, 2, 3};
  const Frame tagged = frame_of(two_tags);
  for (const std::vector<Frame>& dear : {std::vector<Frame>{kSyn, kSyn, kSyn, kPlainTcp},
                                         std::vector<Frame>{tagged, tagged, tagged, tagged}}) {
    Ledger ledger;
    Sieve<true> sieve(ledger);
    picked(sieve, dear);
    // Whoever observes them counts the frames behind tags as ones that say nothing: it is all the same.
    ledger[Verdict::kTcpOther] += 4;
    for (unsigned i = 0; i < Sieve<true>::kRest; ++i) ASSERT_EQ(picked(sieve, calm), all) << i;
    EXPECT_EQ(picked(sieve, calm), std::vector<int>{3}) << "it has passed";
    EXPECT_EQ(picked(sieve, calm), std::vector<int>{3});
  }
}

// One burst of the script's.
class Script {
 public:
  explicit Script(std::vector<Frame> burst) : burst_(std::move(burst)) {}
  std::span<const Frame> receive() {
    if (std::exchange(finished_, true)) return {};
    return burst_;
  }
  std::uint64_t reached() const { return 1; }
  bool finished() const { return finished_; }

 private:
  std::vector<Frame> burst_;
  bool finished_ = false;
};

Ledger ledger_of(const std::vector<Frame>& burst, const ObserverSettings& settings) {
  Script script(burst);
  EventRing ring(64);
  DrainInto drain([](std::span<const Event>) {});
  Outlet outlet({&ring}, Routing::kToFirst, drain);
  Worker worker(script, outlet, settings);
  while (worker.poll_once()) drain.make_room(ring);
  return worker.ledger();
}

TEST(Worker, SetsNothingAsideWhileItLooksForDuplicates) {
  const std::vector<Frame> burst = {kPlainTcp, kPlainTcp, kPlainUdp, kSyn, kPlainUdp};
  ObserverSettings settings;
  const Ledger all = ledger_of(burst, settings);
  EXPECT_EQ(all[Verdict::kTcpOther], 2U);
  EXPECT_EQ(all[Verdict::kUdpOther], 2U);
  EXPECT_EQ(all[Verdict::kSyn], 1U);
  settings.duplicates.window_ns = 2'000'000;
  const Ledger once = ledger_of(burst, settings);
  EXPECT_EQ(once[Verdict::kTcpOther], 1U);
  EXPECT_EQ(once[Verdict::kUdpOther], 1U);
  EXPECT_EQ(once[Verdict::kDuplicate], 2U);
}

}  // namespace
}  // namespace dataplane
