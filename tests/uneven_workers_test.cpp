// Workers and shards that are slow by turns, and rings that hold next to nothing: the answer stays the same.
#include <memory>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "aggregator/ring_merge.h"
#include "aggregator/shard.h"
#include "aggregator/summarize.h"
#include "dataplane/capture_source.h"
#include "dataplane/frame_dealer.h"
#include "dataplane/worker.h"
#include "mgmt/replay_pipeline.h"
#include "mgmt/report_json.h"
#include "tests/support/captures.h"

namespace tests {
namespace {

using dataplane::DealtFrames;
using dataplane::EventRing;

// Now and then sleeps, the more often the slower.
class Dawdler {
 public:
  explicit Dawdler(unsigned slowness) : random_(slowness), slowness_(slowness) {}
  void dawdle() {
    if (random_() % 100 < slowness_) std::this_thread::sleep_for(std::chrono::microseconds(random_() % 300));
  }

 private:
  std::minstd_rand random_;
  unsigned slowness_;
};

class SlowSource {
 public:
  SlowSource(DealtFrames& frames, unsigned slowness) : frames_(frames), dawdler_(slowness) {}
  std::span<const wire::Frame> receive() {
    dawdler_.dawdle();
    return frames_.receive();
  }
  std::uint64_t reached() const { return frames_.reached(); }
  bool finished() const { return frames_.finished(); }

 private:
  DealtFrames& frames_;
  Dawdler dawdler_;
};

class Wait : public dataplane::FullRing {
 public:
  bool make_room(EventRing&) override {
    std::this_thread::yield();
    return true;
  }
};

std::string uneven(const std::string& path, unsigned workers, unsigned shards, std::size_t slots) {
  constexpr unsigned kSlowest = 60;
  std::vector<std::unique_ptr<EventRing>> rings;
  for (unsigned i = 0; i < workers * shards; ++i) rings.push_back(std::make_unique<EventRing>(slots));
  std::vector<std::unique_ptr<DealtFrames>> shares;
  for (unsigned w = 0; w < workers; ++w) shares.push_back(std::make_unique<DealtFrames>());
  std::vector<dataplane::Ledger> ledgers(workers);
  std::vector<std::unique_ptr<aggregator::Shard>> counters;
  for (unsigned s = 0; s < shards; ++s) {
    aggregator::ShardSettings settings;
    settings.shards = shards;
    counters.push_back(std::make_unique<aggregator::Shard>(settings));
  }
  dataplane::CaptureReader reader({path});
  dataplane::CaptureSource source(reader);
  {
    std::vector<std::jthread> threads;
    for (unsigned w = 0; w < workers; ++w) {
      threads.emplace_back([&, w] {
        std::vector<EventRing*> outlets;
        for (unsigned s = 0; s < shards; ++s) outlets.push_back(rings[w * shards + s].get());
        Wait wait;
        dataplane::Outlet outlet(outlets, dataplane::Routing::kByClient, wait);
        SlowSource slow(*shares[w], w == 0 ? kSlowest : 5 * w);
        dataplane::Worker<SlowSource> worker(slow, outlet, {});
        while (worker.poll_once()) {
        }
        ledgers[w] = worker.ledger();
      });
    }
    for (unsigned s = 0; s < shards; ++s) {
      threads.emplace_back([&, s] {
        std::vector<EventRing*> inlets;
        for (unsigned w = 0; w < workers; ++w) inlets.push_back(rings[w * shards + s].get());
        aggregator::RingMerge merge(inlets);
        Dawdler dawdler(s == 0 ? 0 : 20 * s);
        while (!merge.finished()) {
          merge.drain([&](std::span<const dataplane::Event> events) { counters[s]->observe(events); });
          dawdler.dawdle();
        }
      });
    }
    dataplane::FrameDealer(shares, 7, false).deal(source, [] {});
  }
  dataplane::Ledger ledger;
  for (const dataplane::Ledger& each : ledgers) ledger += each;
  ledger.time_went_back = source.time_went_back();
  aggregator::ShardWindow window = counters[0]->close();
  for (unsigned s = 1; s < shards; ++s) window += counters[s]->close();
  return mgmt::report_json(aggregator::summarize(window, ledger));
}

TEST(UnevenWorkers, GiveWhatOneWorkerGives) {
  for (const char* name : {"d_sessions/suri_browse_tls.pcap", "b_dns_tcp/suri_multirequest.pcap",
                           "e_mail_malware/zeek_smtp.pcap", "f_scan_flood/suri_synflood_200.pcap",
                           "d_sessions/zeek_wikipedia.pcap"}) {
    const std::string path = (source_root() / "tests" / "fixtures" / name).string();
    dataplane::CaptureReader reader({path});
    const std::string alone =
        mgmt::report_json(mgmt::run_replay(reader, {}, [](std::uint64_t, std::uint64_t) {}).summary);
    for (const auto& [workers, shards] : {std::pair{2U, 1U}, {2U, 2U}, {4U, 3U}}) {
      for (const std::size_t slots : {4U, 1024U}) {
        EXPECT_EQ(uneven(path, workers, shards, slots), alone) << name << " " << workers << "x" << shards;
      }
    }
  }
}

}  // namespace
}  // namespace tests
