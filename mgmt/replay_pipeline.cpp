#include "mgmt/replay_pipeline.h"

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "aggregator/summarize.h"
#include "aggregator/window_merge.h"
#include "aggregator/windowed_shard.h"
#include "dataplane/capture_source.h"
#include "dataplane/frame_dealer.h"
#include "dataplane/worker.h"

namespace mgmt {
namespace {

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

aggregator::Windows windows_of(const ReplayPlan& plan) {
  return plan.hosts ? aggregator::Windows::kSteps : aggregator::Windows::kOne;
}

// What the shards hand over, second by second, and in the end all that they counted.
class Gathering {
 public:
  explicit Gathering(const ReplayPlan& plan)
      : windows_(plan.shards, plan.shard.clients, std::numeric_limits<std::size_t>::max()) {
    if (plan.hosts) hosts_.emplace(*plan.hosts);
  }

  aggregator::WindowMerge& windows() noexcept { return windows_; }

  void take(aggregator::WindowMerge::Last last = aggregator::WindowMerge::Last::kLeave) {
    for (aggregator::ClosedWindow& window : windows_.take_complete(last).windows) {
      // The last window of a shard may be any second after its last event: which one, is chance.
      if (window.step && window.events > 0)
        hosts_->add(window.window, std::move(*window.step), {.frames = window.events, .lost = 0});
      if (window.counts) add(std::move(*window.counts));
    }
  }

  ReplayResult result(const Ledger& ledger) {
    take(aggregator::WindowMerge::Last::kTake);
    ReplayResult result{.summary = aggregator::summarize(std::move(*total_), ledger),
                        .hosts = std::move(hosts_),
                        .errors = {},
                        .log_errors = {}};
    if (result.hosts) {
      result.hosts->complete_before(dataplane::kFinished);
      result.summary.hosts = result.hosts->summary();
    }
    return result;
  }

 private:
  void add(ShardWindow&& counts) {
    if (total_) {
      *total_ += counts;
    } else {
      total_ = std::move(counts);
    }
  }

  aggregator::WindowMerge windows_;
  std::optional<aggregator::HostAnalysis> hosts_;
  std::optional<ShardWindow> total_;
};

// One worker, one shard, one thread: the ring is emptied on the spot, and only when it is full. A shard that
// is given few events at a time has nothing to do while it waits for memory.
class OneThread : public dataplane::FullRing {
 public:
  OneThread(const ReplayPlan& plan, Gathering& gathering)
      : ring_(plan.ring_slots),
        shard_({&ring_}, shard_settings(plan), 0, gathering.windows(), windows_of(plan)),
        gathering_(gathering) {}

  bool make_room(EventRing&) override {
    drain();
    return true;
  }

  void drain() {
    shard_.poll();
    gathering_.take();
    ring_.rewind();
  }

  EventRing& ring() noexcept { return ring_; }

 private:
  EventRing ring_;
  aggregator::WindowedShard shard_;
  Gathering& gathering_;
};

ReplayResult replay_on_one_thread(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                                  const OnProgress& on_progress) {
  dataplane::CaptureSource source(reader);
  Gathering gathering(plan);
  OneThread shard(plan, gathering);
  dataplane::Outlet outlet({&shard.ring()}, routing_of(plan), shard);
  const auto worker =
      std::make_unique<dataplane::Worker<dataplane::CaptureSource>>(source, outlet, plan.observer);
  while (worker->poll_once()) on_progress(source.frames(), reader.bytes_consumed());
  shard.drain();
  Ledger ledger = worker->ledger();
  ledger.time_went_back = source.time_went_back();
  return gathering.result(ledger);
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
               std::size_t number, const std::atomic<bool>& given_up)
      : full(given_up),
        outlet(std::move(rings), routing_of(plan), full),
        worker(frames, outlet, plan.observer, number) {}

  void run() {
    while (worker.poll_once()) {
    }
  }

  WaitForShard full;
  dataplane::Outlet outlet;
  dataplane::Worker<dataplane::DealtFrames> worker;
};

struct LogThread {
  LogThread(std::vector<EventRing*> rings, const ReplayPlan& plan, std::atomic<std::uint64_t>& consumed,
            const std::atomic<bool>& given_up)
      : full(given_up),
        outlet(std::move(rings), routing_of(plan), full),
        rules(plan.observer.rules()),
        worker(plan.logs, outlet, rules, plan.workers, consumed) {}

  void run(const std::atomic<bool>& given_up) {
    while (!given_up && worker.poll_once()) {
    }
  }

  WaitForShard full;
  dataplane::Outlet outlet;
  dataplane::WorkerRules rules;
  dataplane::LogWorker worker;
};

struct ShardThread {
  ShardThread(std::vector<EventRing*> rings, const ReplayPlan& plan, unsigned number,
              aggregator::WindowMerge& windows)
      : shard(std::move(rings), shard_settings(plan), number, windows, windows_of(plan)) {}

  void run(const std::atomic<bool>& given_up) {
    Patience patience;
    while (!shard.finished() && !given_up) {
      if (shard.poll() > 0) {
        patience.reset();
      } else {
        patience.wait();
      }
    }
  }

  aggregator::WindowedShard shard;
};

// Workers, shards and the logs with a thread each; the calling thread deals.
class Crew {
 public:
  Crew(const ReplayPlan& plan, aggregator::WindowMerge& windows);

  // Both throw if it cannot be done; then all threads have ended.
  void start();
  template <class Source, class AfterRound>
  void deal(Source& source, AfterRound&& after_round);

  Ledger ledger() const;
  const dataplane::LogWorker* logs() const noexcept { return logs_ ? &logs_->worker : nullptr; }

  std::uint64_t log_bytes() const noexcept {
    return log_bytes_.load(std::memory_order_relaxed);
  }  // read so far

 private:
  template <class Step>
  void or_give_up(Step&& step);

  const ReplayPlan& plan_;
  std::atomic<bool> given_up_{false};
  // Of worker w to shard s: w * shards + s; those of the logs behind those of all workers.
  std::vector<std::unique_ptr<EventRing>> rings_;
  std::atomic<std::uint64_t> log_bytes_{0};
  std::unique_ptr<LogThread> logs_;
  std::atomic<bool> logs_running_{false};
  std::vector<std::unique_ptr<dataplane::DealtFrames>> shares_;
  std::vector<std::unique_ptr<WorkerThread>> workers_;
  std::vector<std::unique_ptr<ShardThread>> shards_;
  std::vector<std::jthread> threads_;
};

Crew::Crew(const ReplayPlan& plan, aggregator::WindowMerge& windows) : plan_(plan) {
  const unsigned writers = plan.workers + (plan.logs.empty() ? 0 : 1);
  for (unsigned i = 0; i < writers * plan.shards; ++i) {
    rings_.push_back(std::make_unique<EventRing>(plan.ring_slots));
  }
  const auto outlets_of = [&](unsigned writer) {
    std::vector<EventRing*> outlets;
    for (unsigned s = 0; s < plan.shards; ++s) outlets.push_back(rings_[writer * plan.shards + s].get());
    return outlets;
  };
  for (unsigned w = 0; w < plan.workers; ++w) {
    shares_.push_back(std::make_unique<dataplane::DealtFrames>());
    workers_.push_back(std::make_unique<WorkerThread>(*shares_[w], outlets_of(w), plan, w, given_up_));
  }
  if (!plan.logs.empty())
    logs_ = std::make_unique<LogThread>(outlets_of(plan.workers), plan, log_bytes_, given_up_);
  for (unsigned s = 0; s < plan.shards; ++s) {
    std::vector<EventRing*> inlets;
    for (unsigned w = 0; w < writers; ++w) inlets.push_back(rings_[w * plan.shards + s].get());
    shards_.push_back(std::make_unique<ShardThread>(inlets, plan, s, windows));
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
      if (logs_) {
        logs_running_ = true;
        threads_.emplace_back([this] {
          logs_->run(given_up_);
          logs_running_ = false;
        });
      }
    } catch (const std::system_error&) {
      throw std::runtime_error(
          "cannot start " + std::to_string(workers_.size() + shards_.size() + (logs_ ? 1 : 0)) +
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
    // The logs may last longer than the captures.
    for (; logs_running_; std::this_thread::sleep_for(std::chrono::milliseconds(1))) after_round();
  });
  threads_.clear();
}

Ledger Crew::ledger() const {
  Ledger ledger;
  for (const auto& worker : workers_) ledger += worker->worker.ledger();
  if (logs_) ledger += logs_->worker.ledger();
  return ledger;
}

ReplayResult replay_on_threads(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                               const OnProgress& on_progress) {
  dataplane::CaptureSource source(reader);
  Gathering gathering(plan);
  Crew crew(plan, gathering.windows());
  crew.start();
  crew.deal(source, [&] {
    gathering.take();
    on_progress(source.frames(), reader.bytes_consumed() + crew.log_bytes());
  });
  Ledger ledger = crew.ledger();
  ledger.time_went_back = source.time_went_back();
  ReplayResult result = gathering.result(ledger);
  if (const dataplane::LogWorker* logs = crew.logs()) {
    result.summary.logs = logs->log_ledger();
    result.log_errors = logs->errors();
  }
  return result;
}

}  // namespace

ReplayResult run_replay(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                        const OnProgress& on_progress) {
  const bool alone = plan.workers == 1 && plan.shards == 1 && plan.logs.empty();
  ReplayResult result =
      alone ? replay_on_one_thread(reader, plan, on_progress) : replay_on_threads(reader, plan, on_progress);
  result.errors = reader.errors();
  return result;
}

}  // namespace mgmt
