#include "mgmt/replay_pipeline.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <system_error>
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

// One worker, one shard, one thread: the ring is emptied on the spot, and only when it is full. A shard that
// is given few events at a time has nothing to do while it waits for memory.
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
  while (worker->poll_once()) on_progress(source.reached(), reader.bytes_consumed());
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

// A file's reader waits for the shards: nothing is lost, unless the replay is given up.
class WaitForShard : public dataplane::FullRing {
 public:
  explicit WaitForShard(const std::atomic<bool>& given_up) : given_up_(given_up) {}

  bool make_room(EventRing&) override {
    std::this_thread::sleep_for(std::chrono::microseconds(20));
    return !given_up_;
  }

 private:
  const std::atomic<bool>& given_up_;
};

struct WorkerThread {
  WorkerThread(dataplane::DealtFrames& frames, std::vector<EventRing*> rings, const ReplayPlan& plan,
               const std::atomic<bool>& given_up)
      : full(given_up),
        outlet(std::move(rings), routing_of(plan), full),
        worker(frames, outlet, plan.observer) {}

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

  void run(const std::atomic<bool>& given_up) {
    Patience patience;
    const auto observe = [this](std::span<const dataplane::Event> events) { shard.observe(events); };
    while (!merge.finished() && !given_up) {
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

// Workers and shards with a thread each; the calling thread deals.
class Crew {
 public:
  explicit Crew(const ReplayPlan& plan);

  // Both throw if it cannot be done; then all threads have ended.
  void start();
  template <class Source, class AfterRound>
  void deal(Source& source, AfterRound&& after_round);

  Ledger ledger() const;
  ShardWindow close();

 private:
  template <class Step>
  void or_give_up(Step&& step);

  const ReplayPlan& plan_;
  std::atomic<bool> given_up_{false};
  std::vector<std::unique_ptr<EventRing>> rings_;  // of worker w to shard s: w * shards + s
  std::vector<std::unique_ptr<dataplane::DealtFrames>> shares_;
  std::vector<std::unique_ptr<WorkerThread>> workers_;
  std::vector<std::unique_ptr<ShardThread>> shards_;
  std::vector<std::jthread> threads_;
};

Crew::Crew(const ReplayPlan& plan) : plan_(plan) {
  for (unsigned i = 0; i < plan.workers * plan.shards; ++i) {
    rings_.push_back(std::make_unique<EventRing>(plan.ring_slots));
  }
  for (unsigned w = 0; w < plan.workers; ++w) {
    std::vector<EventRing*> outlets;
    for (unsigned s = 0; s < plan.shards; ++s) outlets.push_back(rings_[w * plan.shards + s].get());
    shares_.push_back(std::make_unique<dataplane::DealtFrames>());
    workers_.push_back(std::make_unique<WorkerThread>(*shares_[w], outlets, plan, given_up_));
  }
  for (unsigned s = 0; s < plan.shards; ++s) {
    std::vector<EventRing*> inlets;
    for (unsigned w = 0; w < plan.workers; ++w) inlets.push_back(rings_[w * plan.shards + s].get());
    shards_.push_back(std::make_unique<ShardThread>(inlets, plan));
  }
}

// Threads that wait for what will not come are told so, and joined.
template <class Step>
void Crew::or_give_up(Step&& step) {
  try {
    step();
  } catch (...) {
    given_up_ = true;
    for (const auto& share : shares_) share->queue().abandon();
    threads_.clear();
    throw;
  }
}

void Crew::start() {
  or_give_up([this] {
    try {
      for (const auto& shard : shards_) threads_.emplace_back([this, &shard] { shard->run(given_up_); });
      for (const auto& worker : workers_) threads_.emplace_back([&worker] { worker->run(); });
    } catch (const std::system_error&) {
      throw std::runtime_error(
          "cannot start " + std::to_string(workers_.size() + shards_.size()) +
          " threads. Ask for fewer --workers and --shards, or raise the limits (ulimit -u, -v).");
    }
  });
}

template <class Source, class AfterRound>
void Crew::deal(Source& source, AfterRound&& after_round) {
  or_give_up([&] {
    const bool in_order =
        plan_.observer.duplicates.window_ns > 0;  // a copy is found only where the first one is
    dataplane::FrameDealer(shares_, plan_.round_frames, in_order).deal(source, after_round);
  });
  threads_.clear();
}

Ledger Crew::ledger() const {
  Ledger ledger;
  for (const auto& worker : workers_) ledger += worker->worker.ledger();
  return ledger;
}

ShardWindow Crew::close() {
  ShardWindow window = shards_[0]->shard.close();
  for (std::size_t s = 1; s < shards_.size(); ++s) window += shards_[s]->shard.close();
  return window;
}

aggregator::Summary replay_on_threads(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                                      const OnProgress& on_progress) {
  dataplane::CaptureSource source(reader);
  Crew crew(plan);
  crew.start();
  crew.deal(source, [&] { on_progress(source.reached(), reader.bytes_consumed()); });
  Ledger ledger = crew.ledger();
  ledger.time_went_back = source.time_went_back();
  return summarize(crew.close(), ledger);
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
