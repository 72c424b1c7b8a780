#include "mgmt/live_pipeline.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "dataplane/packet_windows.h"
#include "dataplane/pinned_thread.h"

namespace mgmt {

namespace {

using aggregator::SensorField;
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

std::vector<dataplane::FrameTap*> pointers_to(const std::vector<std::unique_ptr<dataplane::FrameTap>>& taps) {
  std::vector<dataplane::FrameTap*> pointers;
  pointers.reserve(taps.size());
  for (const auto& tap : taps) pointers.push_back(tap.get());
  return pointers;
}

}  // namespace

struct LivePipeline::WorkerThread {
  WorkerThread(const dataplane::Port& on, unsigned queue_number, Core core_number,
               std::vector<EventRing*> rings, const LivePlan& plan, dataplane::CurrentRules& rules,
               std::size_t reader, const std::atomic<bool>& stop, const dataplane::FrameTaps& taps)
      : port(on),
        queue(queue_number),
        core(core_number),
        outlet(std::move(rings), routing_of(plan), full_ring()),
        worker(on, queue_number, outlet, plan.observer, rules, reader, stop, taps) {}

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

struct LivePipeline::SyslogThread {
  SyslogThread(std::vector<EventRing*> rings, const LivePlan& plan, dataplane::CurrentRules& rules,
               const dataplane::Port& port, const std::atomic<bool>& stop)
      : outlet(std::move(rings), routing_of(plan), lose),
        listener(
            *plan.syslog, outlet, rules, plan.workers(), [&port] { return port.now_ns(); }, stop) {}

  dataplane::LoseWhenFull lose;
  dataplane::Outlet outlet;
  dataplane::SyslogListener listener;
};

struct LivePipeline::ShardThread {
  ShardThread(std::vector<EventRing*> rings, const LivePlan& plan, unsigned number,
              aggregator::WindowMerge& windows)
      : shard(std::move(rings), plan.shard, number, windows, aggregator::Windows::kWithCounts) {}

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
      rules_(std::make_unique<dataplane::WorkerRules>(plan.observer.rules()), plan.writers()),
      patterns_(plan.observer.patterns),
      windows_(plan.shards(), plan.shard.clients),
      run_ledger_(plan.writers()),
      total_(plan.shard.mode, plan.shard.window_ns, plan.shard.clients),
      filter_proof_(wall_ns()),
      sensor_(aggregator::kSeriesPoints, plan.east_s) {
  if (plan.hosts) hosts_.emplace(*plan.hosts);
  if (dpdk == Dpdk::kStart) eal_ = start_dpdk(plan_, devices);
  open_ports(devices);
  make_workers();
  if (plan.syslog) make_syslog();
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

std::vector<EventRing*> LivePipeline::make_rings() {
  std::vector<EventRing*> outlets;
  for (unsigned s = 0; s < plan_.shards(); ++s) {
    rings_.push_back(std::make_unique<EventRing>(plan_.ring_events));
    outlets.push_back(rings_.back().get());
  }
  return outlets;
}

dataplane::FrameTaps LivePipeline::make_taps() {
  const auto make = [](const auto& settings, auto& taps) -> dataplane::FrameTap* {
    if (!settings) return nullptr;
    return taps.emplace_back(std::make_unique<dataplane::FrameTap>(*settings)).get();
  };
  return {make(plan_.spool_taps, spool_taps_), make(plan_.dns_taps, dns_taps_)};
}

void LivePipeline::make_workers() {
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    for (unsigned queue = 0; queue < plan_.ports[p].cores.size(); ++queue) {
      workers_.push_back(std::make_unique<WorkerThread>(*ports_[p], queue, plan_.ports[p].cores[queue],
                                                        make_rings(), plan_, rules_, workers_.size(), stop_,
                                                        make_taps()));
    }
  }
}

// What is read from a file has the times of that day.
void LivePipeline::make_syslog() {
  for (const auto& port : ports_) {
    if (!port->facts().capture_file) continue;
    throw std::runtime_error("[syslog] listens for logs of today, but the port '" + port->name() +
                             "' is a capture file. To put files together: tapline replay --maillog.");
  }
  syslog_ = std::make_unique<SyslogThread>(make_rings(), plan_, rules_, *ports_.front(), stop_);
}

void LivePipeline::make_shards() {
  for (unsigned s = 0; s < plan_.shards(); ++s) {
    std::vector<EventRing*> inlets;
    for (std::size_t w = 0; w < plan_.writers(); ++w) inlets.push_back(rings_[w * plan_.shards() + s].get());
    shards_.push_back(std::make_unique<ShardThread>(std::move(inlets), plan_, s, windows_));
  }
}

void LivePipeline::start_threads() {
  std::size_t started = 0;  // writers
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
    if (syslog_) {
      threads_.push_back(dataplane::pinned_thread("syslog", std::nullopt,
                                                  [&listener = syslog_->listener] { listener.run(); }));
    }
  } catch (const std::system_error&) {
    // The shards that run would wait for the workers that do not.
    for (std::size_t ring = started * plan_.shards(); ring < rings_.size(); ++ring) {
      rings_[ring]->publish(dataplane::kFinished);
    }
    stop_threads();
    throw std::runtime_error(
        "cannot start " + std::to_string(plan_.writers() + shards_.size()) +
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
  if (!syslog_) return;
  while (const auto report = syslog_->listener.next_report()) add(*report);
}

void LivePipeline::add(const dataplane::SyslogReport& report) {
  run_ledger_.add(workers_.size(), {report.window, report.last_window, report.ledger, {}});
  syslog_report_ = report;
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

LiveSecond LivePipeline::second_of(aggregator::ClosedWindow&& window) {
  events_drained_ += window.events;
  total_.add(*window.counts);
  filter_proof_.count(window.window, frames_of_interest(*window.counts));
  LiveSecond second = second_ended(window.window, aggregator::sensor_counts(*window.counts), window.exact);
  second.clients = window.counts->clients.rows.size();
  if (window.step) {
    hosts_->add(window.window, std::move(*window.step), std::exchange(quality_, {}));
    const std::uint64_t before = std::exchange(without_resolution_, hosts_->without_resolution());
    second.counts[SensorField::kWithoutResolution] = without_resolution_ - before;
  }
  sensor_.add(second.window, second.counts);
  return second;
}

// Takes the frames from the workers' reports; what a NIC missed is known when its counters are read.
LiveSecond LivePipeline::second_ended(std::uint64_t window, const aggregator::SensorCounts& counts,
                                      bool exact) {
  const RunLedger::Sum sum = run_ledger_.before(window + 1);
  const dataplane::Ledger before = std::exchange(ledger_, sum.ledger);
  std::uint64_t lost = 0;
  for (const auto& port : ports_) lost += port->counters().lost();
  LiveSecond second{window, ledger_, events_drained_, counts, 0, exact && sum.exact};
  second.counts[SensorField::kFrames] = ledger_.frames - before.frames;
  second.counts[SensorField::kBytes] = ledger_.bytes - before.bytes;
  second.counts[SensorField::kLostEvents] = ledger_.ring_full - before.ring_full;
  second.counts[SensorField::kLostFrames] = lost - std::exchange(lost_frames_, lost);
  quality_.frames += second.counts[SensorField::kFrames];
  quality_.lost += second.counts[SensorField::kLostEvents] + second.counts[SensorField::kLostFrames];
  return second;
}

std::vector<LiveSecond> LivePipeline::seconds_of(std::vector<aggregator::ClosedWindow>&& windows) {
  std::vector<LiveSecond> seconds;
  for (aggregator::ClosedWindow& window : windows) {
    pass_quiet_seconds(window.window, seconds, window.exact);
    seconds.push_back(second_of(std::move(window)));
    next_window_ = seconds.back().window + 1;
  }
  return seconds;
}

// The shards pass over seconds without an event, which may have had frames all the same. A long silence, as
// between the packets of an old capture, is not told second by second.
void LivePipeline::pass_quiet_seconds(std::uint64_t until, std::vector<LiveSecond>& seconds, bool exact) {
  constexpr std::uint64_t kMostTold = 10;
  const bool told = next_window_ != 0 && until > next_window_ && until - next_window_ <= kMostTold;
  for (std::uint64_t quiet = next_window_; told && quiet < until; ++quiet) {
    seconds.push_back(second_ended(quiet, {}, exact));
    sensor_.add(quiet, seconds.back().counts);
  }
  next_window_ = std::max(next_window_, until);
}

void LivePipeline::follow(dataplane::WorkerRules rules) {
  rules.version = ++rules_version_;
  patterns_ = rules.patterns;
  rules_.replace(std::make_unique<dataplane::WorkerRules>(rules));
}

std::vector<LiveSecond> LivePipeline::poll() {
  steer_ports();
  // Windows first: the workers' reports of them are there by then.
  aggregator::CompleteWindows complete = windows_.take_complete(WindowMerge::Last::kLeave);
  collect_reports();
  std::vector<LiveSecond> seconds = seconds_of(std::move(complete.windows));
  if (hosts_) hosts_->complete_before(complete.before);
  pass_quiet_seconds(complete.before, seconds, complete.exact);
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
  if (syslog_) add(syslog_->listener.final_report());
  std::vector<LiveSecond> seconds = seconds_of(windows_.take_complete(WindowMerge::Last::kTake).windows);
  ledger_ = run_ledger_.before(dataplane::kFinished).ledger;
  if (hosts_) hosts_->complete_before(dataplane::kFinished);
  return seconds;
}

std::vector<dataplane::FrameTap*> LivePipeline::spool_taps() const {
  return pointers_to(spool_taps_);
}

std::vector<dataplane::FrameTap*> LivePipeline::dns_taps() const {
  return pointers_to(dns_taps_);
}

std::shared_ptr<const matchers::PatternDatabase> LivePipeline::patterns() const {
  return patterns_ ? patterns_->shared_database() : nullptr;
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
  if (syslog_) {
    summary.logs = syslog_report_.lines;
    live.syslog = syslog_report_.senders;
  }
  if (filters()) live.filter = {filter_proof_.unfiltered_seconds(), filter_proof_.ratio()};
  summary.live = std::move(live);
  if (hosts_) summary.hosts = hosts_->summary();
  return summary;
}

}  // namespace mgmt
