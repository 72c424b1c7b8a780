#include "mgmt/live_pipeline.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <system_error>

#include "dataplane/packet_windows.h"
#include "dataplane/pinned_thread.h"

namespace mgmt {

namespace {

using aggregator::WindowMerge;
using dataplane::EventRing;

std::uint64_t monotonic_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

std::int64_t wall_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::uint64_t frames_of_interest(const aggregator::ShardWindow& window) {
  const aggregator::DnsTally& dns = window.dns;
  return dns.udp_queries + dns.udp_responses + dns.tcp_queries + dns.tcp_responses + window.syn +
         window.syn_ack + window.quic_initial;
}

SecondCounts counts_of(const aggregator::ShardWindow& window) {
  const aggregator::DnsTally& dns = window.dns;
  return {.queries = dns.udp_queries + dns.tcp_queries,
          .responses = dns.udp_responses + dns.tcp_responses,
          .syns = window.syn,
          .pairs = window.pairing.delays.total(),
          .clients = window.clients.rows.size()};
}

dataplane::Routing routing_of(const LivePlan& plan) {
  return plan.shard.mode == aggregator::Correlate::kClient ? dataplane::Routing::kByClient
                                                           : dataplane::Routing::kToFirst;
}

std::vector<dataplane::PortSettings> settings_of(const LivePlan& plan) {
  std::vector<dataplane::PortSettings> settings;
  for (const LivePlan::Port& port : plan.ports) settings.push_back(port.settings);
  return settings;
}

std::unique_ptr<dataplane::Eal> start_dpdk(const LivePlan& plan, std::vector<dataplane::Device> devices) {
  return std::make_unique<dataplane::Eal>(
      dataplane::EalSettings{.devices = std::move(devices),
                             .hugepages = plan.hugepages,
                             .memory_bytes = plan.packet_buffer_bytes + kDpdkBytes});
}

}  // namespace

struct LivePipeline::WorkerThread {
  WorkerThread(const dataplane::Port& on, unsigned queue_number, Core core_number,
               std::vector<EventRing*> rings, const LivePlan& plan, dataplane::CurrentRules& rules,
               std::size_t reader, const std::atomic<bool>& stop)
      : port(on),
        queue(queue_number),
        core(core_number),
        outlet(std::move(rings), routing_of(plan), full_ring()),
        worker(on, queue_number, outlet, plan.observer, rules, reader, stop) {}

  dataplane::FullRing& full_ring() {
    if (port.facts().capture_file) return wait;
    return lose;
  }

  const dataplane::Port& port;
  const unsigned queue;
  const Core core;
  dataplane::LoseWhenFull lose;
  dataplane::WaitWhenFull wait;
  dataplane::Outlet outlet;
  dataplane::LiveWorker worker;
};

struct LivePipeline::ShardThread {
  ShardThread(std::vector<EventRing*> rings, const LivePlan& plan, unsigned number,
              aggregator::WindowMerge& windows)
      : shard(std::move(rings), plan.shard, number, windows) {}

  // Short waits spin, longer ones sleep, but less long than it takes to fill a ring.
  void run() {
    constexpr unsigned kSpins = 1000;
    for (unsigned idle = 0; !shard.finished();) {
      idle = shard.poll() > 0 ? 0 : idle + 1;
      if (idle > kSpins) std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  }

  aggregator::WindowedShard shard;
};

LivePipeline::LivePipeline(const LivePlan& plan)
    : LivePipeline(plan, dataplane::devices_of(settings_of(plan)), Dpdk::kStart) {}

LivePipeline::LivePipeline(const LivePlan& plan, std::span<const dataplane::Device> devices)
    : LivePipeline(plan, {devices.begin(), devices.end()}, Dpdk::kRuns) {}

LivePipeline::LivePipeline(const LivePlan& plan, const std::vector<dataplane::Device>& devices, Dpdk dpdk)
    : plan_(plan),
      locks_(lock_interfaces(plan)),
      rules_(std::make_unique<dataplane::WorkerRules>(dataplane::WorkerRules{
                 .version = 1, .duplicate_window_ns = plan.observer.duplicates.window_ns}),
             plan.workers()),
      windows_(plan.shards(), plan.shard.clients),
      run_ledger_(plan.workers()),
      total_(plan.shard.mode, plan.shard.window_ns, plan.shard.clients),
      filter_proof_(wall_ns()) {
  if (dpdk == Dpdk::kStart) eal_ = start_dpdk(plan_, devices);
  open_ports(devices);
  make_workers();
  make_shards();
  started_ns_ = monotonic_ns();
  start_threads();
}

LivePipeline::~LivePipeline() {
  stop_threads();
}

void LivePipeline::open_ports(std::span<const dataplane::Device> devices) {
  const std::vector<dataplane::PortSettings> settings = settings_of(plan_);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    ports_.push_back(std::make_unique<dataplane::Port>(settings[i], devices[i]));
  }
}

void LivePipeline::make_workers() {
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    for (unsigned queue = 0; queue < plan_.ports[p].cores.size(); ++queue) {
      std::vector<EventRing*> outlets;
      for (unsigned s = 0; s < plan_.shards(); ++s) {
        rings_.push_back(std::make_unique<EventRing>(plan_.ring_events));
        outlets.push_back(rings_.back().get());
      }
      workers_.push_back(std::make_unique<WorkerThread>(*ports_[p], queue, plan_.ports[p].cores[queue],
                                                        std::move(outlets), plan_, rules_, workers_.size(),
                                                        stop_));
    }
  }
}

void LivePipeline::make_shards() {
  for (unsigned s = 0; s < plan_.shards(); ++s) {
    std::vector<EventRing*> inlets;
    for (std::size_t w = 0; w < workers_.size(); ++w) inlets.push_back(rings_[w * plan_.shards() + s].get());
    shards_.push_back(std::make_unique<ShardThread>(std::move(inlets), plan_, s, windows_));
  }
}

void LivePipeline::start_threads() {
  std::size_t started = 0;  // workers
  try {
    for (unsigned s = 0; s < shards_.size(); ++s) {
      threads_.push_back(dataplane::pinned_thread("shard/" + std::to_string(s), plan_.shard_cores[s],
                                                  [&shard = *shards_[s]] { shard.run(); }));
    }
    for (std::size_t w = 0; w < workers_.size(); ++w) {
      threads_.push_back(dataplane::pinned_thread("worker/" + std::to_string(w), workers_[w]->core,
                                                  [&worker = workers_[w]->worker] { worker.run(); }));
      ++started;
    }
  } catch (const std::system_error&) {
    // The shards that run would wait for the workers that do not.
    for (std::size_t ring = started * plan_.shards(); ring < rings_.size(); ++ring) {
      rings_[ring]->publish(dataplane::kFinished);
    }
    stop_threads();
    throw std::runtime_error(
        "cannot start " + std::to_string(workers_.size() + shards_.size()) +
        " threads. Ask for fewer queues and shards, or raise the limits (ulimit -u, -v).");
  }
}

void LivePipeline::stop_threads() noexcept {
  stop_ = true;
  threads_.clear();
}

void LivePipeline::collect_reports() {
  for (std::size_t w = 0; w < workers_.size(); ++w) {
    while (const auto report = workers_[w]->worker.next_report()) run_ledger_.add(w, *report);
  }
}

void LivePipeline::steer_ports() {
  const bool filtering = filter_proof_.should_drop(wall_ns());
  for (const auto& port : ports_) {
    port->steer_clock();
    port->set_filtering(filtering);
  }
}

bool LivePipeline::filters() const noexcept {
  return std::ranges::any_of(ports_, [](const auto& port) { return port->facts().filters; });
}

LiveSecond LivePipeline::second_of(const aggregator::ClosedWindow& window) {
  events_drained_ += window.events;
  total_.add(window.counts);
  filter_proof_.count(window.window, frames_of_interest(window.counts));
  return second_ended(window.window, counts_of(window.counts), window.exact);
}

LiveSecond LivePipeline::second_ended(std::uint64_t window, const SecondCounts& counts, bool exact) {
  const RunLedger::Sum sum = run_ledger_.before(window + 1);
  ledger_ = sum.ledger;
  return {window, ledger_, events_drained_, counts, exact && sum.exact};
}

std::vector<LiveSecond> LivePipeline::seconds_of(const std::vector<aggregator::ClosedWindow>& windows) {
  std::vector<LiveSecond> seconds;
  for (const aggregator::ClosedWindow& window : windows) {
    pass_quiet_seconds(window.window, seconds);
    seconds.push_back(second_of(window));
    next_window_ = seconds.back().window + 1;
  }
  return seconds;
}

// The shards pass over seconds without an event, which may have had frames all the same. A long silence, as
// between the packets of an old capture, is not told second by second.
void LivePipeline::pass_quiet_seconds(std::uint64_t until, std::vector<LiveSecond>& seconds) {
  constexpr std::uint64_t kMostTold = 10;
  const bool told = next_window_ != 0 && until > next_window_ && until - next_window_ <= kMostTold;
  for (std::uint64_t quiet = next_window_; told && quiet < until; ++quiet) {
    seconds.push_back(second_ended(quiet, {}, true));
  }
  next_window_ = std::max(next_window_, until);
}

void LivePipeline::follow(dataplane::WorkerRules rules) {
  rules.version = ++rules_version_;
  rules_.replace(std::make_unique<dataplane::WorkerRules>(rules));
}

std::vector<LiveSecond> LivePipeline::poll() {
  steer_ports();
  // Windows first: the workers' reports of them are there by then.
  const std::uint64_t complete_before = windows_.complete_before();
  const std::vector<aggregator::ClosedWindow> complete = windows_.take_complete(WindowMerge::Last::kLeave);
  collect_reports();
  std::vector<LiveSecond> seconds = seconds_of(complete);
  if (complete_before != dataplane::kFinished) pass_quiet_seconds(complete_before, seconds);
  return seconds;
}

LiveTotal LivePipeline::total_before(std::uint64_t window) {
  collect_reports();
  const RunLedger::Sum sum = run_ledger_.before(window);
  return {sum.ledger, sum.effort, events_drained_, sum.exact};
}

std::vector<LiveSecond> LivePipeline::drain() {
  stop_threads();
  collect_reports();
  for (std::size_t w = 0; w < workers_.size(); ++w) run_ledger_.add(w, workers_[w]->worker.final_report());
  std::vector<LiveSecond> seconds = seconds_of(windows_.take_complete(WindowMerge::Last::kTake));
  ledger_ = run_ledger_.before(dataplane::kFinished).ledger;
  return seconds;
}

aggregator::Summary LivePipeline::summary() const {
  aggregator::Summary summary = total_.summarize(ledger_);
  aggregator::LiveLedger live;
  for (const auto& port : ports_)
    live.ports.push_back({port->name(), port->facts().driver, port->counters()});
  const double elapsed_ns = static_cast<double>(monotonic_ns() - started_ns_);
  for (std::size_t w = 0; w < workers_.size(); ++w) {
    const dataplane::WorkerReport& report = run_ledger_.latest(w);
    live.workers.push_back({workers_[w]->port.name(), workers_[w]->queue, workers_[w]->core,
                            report.ledger.frames, static_cast<double>(report.effort.busy_ns) / elapsed_ns,
                            report.effort.longest_poll_ns});
  }
  live.events_drained = events_drained_;
  if (filters()) live.filter = {filter_proof_.unfiltered_seconds(), filter_proof_.ratio()};
  summary.live = std::move(live);
  return summary;
}

}  // namespace mgmt
