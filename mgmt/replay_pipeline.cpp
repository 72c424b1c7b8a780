#include "mgmt/replay_pipeline.h"

#include <chrono>
#include <memory>
#include <thread>

#include "aggregator/ring_merge.h"
#include "aggregator/summarize.h"
#include "dataplane/capture_source.h"
#include "dataplane/frame_dealer.h"
#include "dataplane/worker.h"

namespace mgmt {
namespace {

using aggregator::RingMerge;
using aggregator::Shard;
using aggregator::ShardWindow;
using dataplane::EventRing;
using dataplane::Ledger;

dataplane::Routing routing_of(const ReplayPlan& plan) {
  return plan.shard.mode == aggregator::Correlate::kClient ? dataplane::Routing::kByClient
                                                           : dataplane::Routing::kToFirst;
}

aggregator::ShardSettings shard_settings(const ReplayPlan& plan) {
  aggregator::ShardSettings settings = plan.shard;
  settings.shards = plan.shards;
  return settings;
}

// One worker, one shard, one thread: a full ring is emptied on the spot.
class OneThread : public dataplane::FullRing {
 public:
  explicit OneThread(const ReplayPlan& plan)
      : ring_(plan.ring_slots), merge_({&ring_}), shard_(shard_settings(plan)) {}

  bool make_room(EventRing&) override {
    drain();
    return true;
  }

  void drain() {
    merge_.drain([this](std::span<const dataplane::Event> events) { shard_.observe(events); });
    ring_.rewind();
  }

  EventRing& ring() noexcept { return ring_; }
  ShardWindow close() { return shard_.close(); }

 private:
  EventRing ring_;
  RingMerge merge_;
  Shard shard_;
};

aggregator::Summary replay_on_one_thread(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                                         const OnProgress& on_progress) {
  dataplane::CaptureSource source(reader);
  OneThread shard(plan);
  dataplane::Outlet outlet({&shard.ring()}, routing_of(plan), shard);
  const auto worker =
      std::make_unique<dataplane::Worker<dataplane::CaptureSource>>(source, outlet, plan.observer);
  while (worker->poll_once()) {
    shard.drain();
    on_progress(source.reached(), reader.bytes_consumed());
  }
  shard.drain();
  Ledger ledger = worker->ledger();
  ledger.time_went_back = source.time_went_back();
  return summarize(shard.close(), ledger);
}

// Short waits spin, longer ones sleep: the other side may share this core.
class Patience {
 public:
  void wait() {
    if (++tries_ < kSpins) return;
    std::this_thread::sleep_for(std::chrono::microseconds(tries_ < kYields ? 0 : 50));
  }
  void reset() noexcept { tries_ = 0; }

 private:
  static constexpr unsigned kSpins = 64;
  static constexpr unsigned kYields = 256;
  unsigned tries_ = 0;
};

// A file's reader waits for the shards: nothing is lost.
class WaitForShard : public dataplane::FullRing {
 public:
  bool make_room(EventRing&) override {
    std::this_thread::sleep_for(std::chrono::microseconds(20));
    return true;
  }
};

struct WorkerThread {
  WorkerThread(dataplane::DealtFrames& frames, std::vector<EventRing*> rings, const ReplayPlan& plan)
      : outlet(std::move(rings), routing_of(plan), full), worker(frames, outlet, plan.observer) {}

  void run() {
    while (worker.poll_once()) {
    }
  }

  WaitForShard full;
  dataplane::Outlet outlet;
  dataplane::Worker<dataplane::DealtFrames> worker;
};

struct ShardThread {
  ShardThread(std::vector<EventRing*> rings, const ReplayPlan& plan)
      : merge(std::move(rings)), shard(shard_settings(plan)) {}

  void run() {
    Patience patience;
    const auto observe = [this](std::span<const dataplane::Event> events) { shard.observe(events); };
    while (!merge.finished()) {
      if (merge.drain(observe) > 0) {
        patience.reset();
      } else {
        patience.wait();
      }
    }
  }

  RingMerge merge;
  Shard shard;
};

aggregator::Summary replay_on_threads(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                                      const OnProgress& on_progress) {
  std::vector<std::vector<std::unique_ptr<EventRing>>> rings(plan.workers);
  std::vector<std::unique_ptr<dataplane::DealtFrames>> shares;
  std::vector<std::unique_ptr<WorkerThread>> workers;
  std::vector<std::unique_ptr<ShardThread>> shards;
  for (unsigned w = 0; w < plan.workers; ++w) {
    std::vector<EventRing*> outlets;
    for (unsigned s = 0; s < plan.shards; ++s) {
      outlets.push_back(rings[w].emplace_back(std::make_unique<EventRing>(plan.ring_slots)).get());
    }
    shares.push_back(std::make_unique<dataplane::DealtFrames>());
    workers.push_back(std::make_unique<WorkerThread>(*shares[w], outlets, plan));
  }
  for (unsigned s = 0; s < plan.shards; ++s) {
    std::vector<EventRing*> inlets;
    for (unsigned w = 0; w < plan.workers; ++w) inlets.push_back(rings[w][s].get());
    shards.push_back(std::make_unique<ShardThread>(inlets, plan));
  }

  dataplane::CaptureSource source(reader);
  {
    std::vector<std::jthread> threads;
    for (const auto& shard : shards) threads.emplace_back([&shard] { shard->run(); });
    for (const auto& worker : workers) threads.emplace_back([&worker] { worker->run(); });
    const bool in_order =
        plan.observer.duplicates.window_ns > 0;  // a copy is found only where the first one is
    dataplane::FrameDealer dealer(shares, in_order);
    dealer.deal(source, [&] { on_progress(source.reached(), reader.bytes_consumed()); });
  }

  Ledger ledger;
  for (const auto& worker : workers) ledger += worker->worker.ledger();
  ledger.time_went_back = source.time_went_back();
  ShardWindow window = shards[0]->shard.close();
  for (unsigned s = 1; s < plan.shards; ++s) window += shards[s]->shard.close();
  return summarize(window, ledger);
}

}  // namespace

ReplayResult run_replay(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                        const OnProgress& on_progress) {
  const bool alone = plan.workers == 1 && plan.shards == 1;
  ReplayResult result;
  result.summary =
      alone ? replay_on_one_thread(reader, plan, on_progress) : replay_on_threads(reader, plan, on_progress);
  result.errors = reader.errors();
  return result;
}

}  // namespace mgmt
