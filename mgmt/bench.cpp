#include "mgmt/bench.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "dataplane/cabled_traffic.h"
#include "dataplane/memory_traffic.h"
#include "mgmt/bench_progress.h"
#include "mgmt/bench_report.h"
#include "mgmt/bench_trial.h"
#include "mgmt/command_line.h"
#include "mgmt/live_plan.h"
#include "mgmt/rate_search.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

constexpr double kResolution = 0.02;
constexpr double kLeastRate = 1000;
// Beyond what the workers can do without a break: there is loss at the end of the search.
constexpr double kAboveFlatOut = 1.1;
constexpr std::size_t kSentFrames = 16'383;

// Doubled while there would be as many shards as workers, each on a core of its own.
std::vector<std::uint64_t> default_workers(const Machine& machine) {
  std::vector<std::uint64_t> workers = {1};
  while (4 * workers.back() <= machine.cores.size()) workers.push_back(2 * workers.back());
  return workers;
}

dataplane::TrafficSettings traffic_settings(const BenchOptions& options) {
  dataplane::TrafficSettings settings = {.mix = options.mix, .plain_size = options.size};
  settings.lent = !options.cabled;
  if (options.cabled) settings.frames = kSentFrames;
  return settings;
}

// About how many trials a search makes, for the progress bar.
double usual_trials() {
  return 3 + std::ceil(std::log2(1 / kResolution));
}

// One search, or one trial, for one number of workers.
class Search {
 public:
  Search(const BenchOptions& options, BenchTrials& trials) : options_(options), trials_(trials) {}

  // Without a cable there is no telling what could be offered: more than the workers take.
  void run(BenchResult& result) {
    if (options_.rate) {
      result.highest = trial(*options_.rate);
      return;
    }
    trial(dataplane::kAsFastAsItGoes);  // After it all memory has been touched.
    result.flat_out = trial(dataplane::kAsFastAsItGoes);
    const double most =
        options_.cabled ? result.flat_out->offered_rate() : kAboveFlatOut * result.flat_out->received_rate();
    const RateBounds bounds = {kLeastRate, std::max(most, kLeastRate), kResolution};
    result.highest_is_most = highest_rate(bounds, [&](double rate) { return passes(result, rate); }).is_most;
    if (result.highest) result.half_load = trial(result.highest->offered_rate() / 2);
  }

 private:
  BenchTrial trial(double rate) { return trials_.run(rate, static_cast<double>(options_.trial_ns) / 1e9); }

  // Highest and lowest come closer to each other.
  bool passes(BenchResult& result, double rate) {
    BenchTrial made = trial(rate);
    const bool passed = made.loss() <= options_.tolerated_loss;
    (passed ? result.highest : result.first_loss) = std::move(made);
    return passed;
  }

  const BenchOptions& options_;
  BenchTrials& trials_;
};

// DPDK starts once for the process; ports for each number of workers wait in it.
class MemoryBench {
 public:
  MemoryBench(const BenchOptions& options, std::span<const std::uint64_t> workers, const Machine& machine)
      : options_(options) {
    std::vector<dataplane::PortSettings> ports;
    std::uint64_t bytes = 0;
    for (const std::uint64_t count : workers) {
      Config config = options.config;
      config.ports.assign(1, {});
      config.ports[0].settings =
          dataplane::memory_port_settings(static_cast<unsigned>(ports.size()), static_cast<unsigned>(count));
      plans_.push_back(live_plan(config, machine));
      ports.push_back(plans_.back().ports[0].settings);
      bytes = std::max(bytes, plans_.back().packet_buffer_bytes +
                                  dataplane::traffic_bytes(traffic_settings(options), count));
    }
    devices_ = dataplane::devices_of(ports);
    hugepages_ = machine.free_hugepage_bytes >= bytes + kDpdkBytes;
    eal_ = std::make_unique<dataplane::Eal>(dataplane::EalSettings{
        .devices = devices_, .hugepages = hugepages_, .memory_bytes = bytes + kDpdkBytes});
  }

  bool hugepages() const noexcept { return hugepages_; }

  BenchResult run(std::size_t which, BenchReport& report, const BenchTrials::OnTick& on_tick) {
    const LivePlan& plan = plans_[which];
    dataplane::MemoryTraffic traffic(traffic_settings(options_), plan.workers());
    report.mean_octets = traffic.mean_octets();
    LivePipeline pipeline(plan, std::span(devices_).subspan(which, 1));
    traffic.attach(*pipeline.ports()[0]);
    BenchTrials trials(pipeline, traffic, on_tick);
    BenchResult result;
    result.workers = plan.workers();
    result.shards = plan.shards();
    result.threads = result.workers + result.shards;
    Search(options_, trials).run(result);
    pipeline.drain();
    traffic.detach();
    return result;
  }

 private:
  const BenchOptions& options_;
  std::vector<LivePlan> plans_;
  std::vector<dataplane::Device> devices_;
  bool hugepages_ = false;
  std::unique_ptr<dataplane::Eal> eal_;
};

const Config::Port& port_named(const Config& config, const std::string& name) {
  for (const Config::Port& port : config.ports) {
    if (port.settings.name == name) return port;
  }
  throw std::runtime_error("--ports: the configuration has no [[port]] with the name '" + name + "'.");
}

// Two ports with a cable between them. DPDK opens a port once, so there is one number of workers.
class CabledBench {
 public:
  CabledBench(const BenchOptions& options, std::uint64_t workers, Machine machine)
      : options_(options), sender_(port_named(options.config, options.cabled->first).settings) {
    if (machine.cores.size() >= workers + 2) {
      sender_core_ = machine.cores.front();
      machine.cores.erase(machine.cores.begin());
    }
    Config config = options.config;
    config.ports = {port_named(options.config, options.cabled->second)};
    if (!options.workers.empty()) {
      config.ports[0].settings.queues = workers;
      config.ports[0].cores.clear();
    }
    plan_ = live_plan(config, machine);
    sender_.queues = 1;
    devices_ = dataplane::devices_of(std::vector{sender_, plan_.ports[0].settings});
    const std::uint64_t bytes = plan_.packet_buffer_bytes +
                                dataplane::mempool_bytes(sender_, plan_.hugepages) +
                                dataplane::traffic_bytes(traffic_settings(options), 1);
    hugepages_ = machine.free_hugepage_bytes >= bytes + kDpdkBytes;
    eal_ = std::make_unique<dataplane::Eal>(dataplane::EalSettings{
        .devices = devices_, .hugepages = hugepages_, .memory_bytes = bytes + kDpdkBytes});
  }

  bool hugepages() const noexcept { return hugepages_; }

  BenchResult run(BenchReport& report, const BenchTrials::OnTick& on_tick) {
    dataplane::CabledTraffic traffic(traffic_settings(options_), sender_, devices_[0]);
    report.mean_octets = traffic.mean_octets();
    LivePipeline pipeline(plan_, std::span(devices_).subspan(1));
    traffic.attach(*pipeline.ports()[0], sender_core_);
    BenchTrials trials(pipeline, traffic, on_tick);
    BenchResult result;
    result.workers = plan_.workers();
    result.shards = plan_.shards();
    result.threads = result.workers + result.shards + 1;
    Search(options_, trials).run(result);
    pipeline.drain();
    traffic.detach();
    return result;
  }

 private:
  const BenchOptions& options_;
  dataplane::PortSettings sender_;
  Core sender_core_;
  LivePlan plan_;
  std::vector<dataplane::Device> devices_;
  bool hugepages_ = false;
  std::unique_ptr<dataplane::Eal> eal_;
};

// Draws what the search is at. The length of a search is guessed from its trials.
class Watch {
 public:
  Watch(BenchProgress& progress, std::size_t searches, bool one_trial)
      : progress_(progress),
        searches_(static_cast<double>(searches)),
        trials_(one_trial ? 1 : usual_trials()) {}

  void begin(std::size_t search, std::uint64_t workers) {
    search_ = static_cast<double>(search);
    workers_ = workers;
    trial_ = 0;
    share_ = 0;
  }
  void tick(double share) {
    if (share < share_) ++trial_;
    share_ = share;
    const double in_search = std::min((trial_ + share) / trials_, 1.0);
    progress_.show((search_ + in_search) / searches_,
                   fmt::format("{} worker{}, trial {:.0f}", workers_, workers_ == 1 ? "" : "s", trial_ + 1));
  }

 private:
  BenchProgress& progress_;
  const double searches_;
  const double trials_;
  double search_ = 0;
  std::uint64_t workers_ = 1;
  double trial_ = 0;
  double share_ = 0;
};

BenchReport report_on(const BenchOptions& options, const Machine& machine) {
  BenchReport report;
  report.mix = std::string(dataplane::traffic::kMixNames[static_cast<std::size_t>(options.mix)]);
  report.source = options.cabled ? options.cabled->first + " to " + options.cabled->second : "memory";
  report.trial_s = static_cast<double>(options.trial_ns) / 1e9;
  report.resolution = kResolution;
  report.tolerated_loss = options.tolerated_loss;
  report.searched = !options.rate;
  report.cores = machine.cores.size();
  return report;
}

void bench_in_memory(const BenchOptions& options, const Machine& machine, BenchProgress& progress,
                     BenchReport& report) {
  const std::vector<std::uint64_t> workers =
      options.workers.empty() ? default_workers(machine) : options.workers;
  Watch watch(progress, workers.size(), options.rate.has_value());
  MemoryBench memory(options, workers, machine);
  report.hugepages = memory.hugepages();
  report.tsc_ghz = dataplane::tsc_hz() / 1e9;
  for (std::size_t i = 0; i < workers.size(); ++i) {
    watch.begin(i, workers[i]);
    report.results.push_back(memory.run(i, report, [&watch](double share) { watch.tick(share); }));
  }
}

void bench_cabled(const BenchOptions& options, const Machine& machine, BenchProgress& progress,
                  BenchReport& report) {
  const std::uint64_t workers = options.workers.empty() ? 1 : options.workers.front();
  Watch watch(progress, 1, options.rate.has_value());
  CabledBench cabled(options, workers, machine);
  report.hugepages = cabled.hugepages();
  report.tsc_ghz = dataplane::tsc_hz() / 1e9;
  watch.begin(0, workers);
  report.results.push_back(cabled.run(report, [&watch](double share) { watch.tick(share); }));
}

}  // namespace

int bench(const BenchOptions& options) {
  const Machine machine = this_machine();
  BenchReport report = report_on(options, machine);
  {
    BenchProgress progress(options.progress, {locale_is_utf8(), options.color});
    (options.cabled ? bench_cabled : bench_in_memory)(options, machine, progress, report);
  }
  const TextStyle style = {locale_is_utf8(), options.color && shows_color(STDOUT_FILENO)};
  const bool written = write_standard_output(options.json ? bench_json(report) : bench_text(report, style));
  return written && report.balanced() ? kExitDone : kExitFailed;
}

}  // namespace mgmt
