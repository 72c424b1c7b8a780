#include "mgmt/live_plan.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <stdexcept>

#include "dataplane/port.h"
#include "mgmt/analysis_settings.h"
#include "mgmt/core_list.h"
#include "mgmt/syslog_settings.h"
#include "wire/packet.h"

namespace mgmt {
namespace {

// Hands out cores that nobody was given by name.
class FreeCores {
 public:
  FreeCores(const Machine& machine, const Config& config) {
    std::vector<std::uint64_t> taken;
    for (const Config::Port& port : config.ports) {
      taken.insert(taken.end(), port.cores.begin(), port.cores.end());
      taken.insert(taken.end(), port.shard_cores.begin(), port.shard_cores.end());
    }
    const auto is_free = [&](std::uint64_t core) { return std::ranges::count(taken, core) == 0; };
    const auto is_isolated = [&](std::uint64_t core) {
      return std::ranges::count(machine.isolated, core) > 0;
    };
    for (const std::uint64_t core : machine.cores) {
      if (is_free(core) && is_isolated(core)) cores_.push_back(core);
    }
    // The system's own work gathers on the first core.
    for (auto core = machine.cores.rbegin(); core != machine.cores.rend(); ++core) {
      if (is_free(*core) && !is_isolated(*core)) cores_.push_back(*core);
    }
  }

  std::size_t count() const noexcept { return cores_.size(); }

  Core take() {
    if (cores_.empty()) return std::nullopt;
    const std::uint64_t core = cores_.front();
    cores_.pop_front();
    return core;
  }

 private:
  std::deque<std::uint64_t> cores_;
};

// A capture file and a device that makes frames up have one queue of each; a NIC shares the free cores with
// the other ports, and leaves as many for shards.
std::uint64_t default_queues(const Config::Port& port, std::size_t free_cores, std::size_t ports) {
  if (!port.cores.empty()) return port.cores.size();
  if (port.settings.driver != dataplane::PortDriver::kDpdk || port.settings.name.starts_with("net_"))
    return 1;
  return std::clamp<std::uint64_t>(free_cores / 2 / ports, 1, kQueuesRange.most);
}

LivePlan::Port plan_port(const Config::Port& port, FreeCores& free, std::size_t free_cores,
                         std::size_t ports) {
  LivePlan::Port planned;
  planned.settings = port.settings;
  if (planned.settings.queues == 0) planned.settings.queues = default_queues(port, free_cores, ports);
  for (std::uint64_t queue = 0; queue < planned.settings.queues; ++queue) {
    planned.cores.push_back(queue < port.cores.size() ? Core(port.cores[queue]) : free.take());
  }
  return planned;
}

void require_cores(const Config::Port& port, const Machine& machine) {
  const auto require = [&](std::span<const std::uint64_t> cores) {
    for (const std::uint64_t core : cores) {
      if (std::ranges::binary_search(machine.cores, core)) continue;
      throw std::runtime_error("port '" + port.settings.name + "': there is no core " + std::to_string(core) +
                               " to be had here, only " + core_list_text(machine.cores) + ".");
    }
  };
  require(port.cores);
  require(port.shard_cores);
  if (port.cores.size() <= kQueuesRange.most && port.shard_cores.size() <= kShardsRange.most) return;
  throw std::runtime_error("port '" + port.settings.name + "': at most " + std::to_string(kQueuesRange.most) +
                           " cores can be used.");
}

std::uint64_t packet_buffer_bytes(const LivePlan& plan, bool hugepages) {
  std::uint64_t bytes = 0;
  for (const LivePlan::Port& port : plan.ports) bytes += dataplane::mempool_bytes(port.settings, hugepages);
  return bytes;
}

std::vector<Core> plan_shards(const Config& config, FreeCores& free, unsigned workers) {
  std::vector<std::uint64_t> named;
  for (const Config::Port& port : config.ports) {
    named.insert(named.end(), port.shard_cores.begin(), port.shard_cores.end());
  }
  std::ranges::sort(named);
  named.erase(std::unique(named.begin(), named.end()), named.end());
  std::vector<Core> cores(named.begin(), named.end());
  if (!cores.empty()) return cores;
  const std::size_t shards = std::clamp<std::size_t>(free.count(), 1, workers);
  for (std::size_t shard = 0; shard < shards; ++shard) cores.push_back(free.take());
  return cores;
}

// Frames are whole: the messages of a datagram or segment are wanted to their end.
constexpr dataplane::FrameTapSettings kDnsTap = {
    .interest = dataplane::FrameInterest::kDns, .snap_length = wire::kMaxDatagramOctets, .on = true};

}  // namespace

unsigned LivePlan::workers() const noexcept {
  return static_cast<unsigned>(std::transform_reduce(ports.begin(), ports.end(), std::size_t{0},
                                                     std::plus<>(),
                                                     [](const Port& port) { return port.cores.size(); }));
}

LivePlan live_plan(const Config& config, const Machine& machine) {
  if (config.ports.empty()) {
    throw std::runtime_error(
        "the configuration has no [[port]]: add one with the name of the tap's interface.");
  }
  LivePlan plan;
  FreeCores free(machine, config);
  const std::size_t free_cores = free.count();
  for (const Config::Port& port : config.ports) {
    require_cores(port, machine);
    plan.ports.push_back(plan_port(port, free, free_cores, config.ports.size()));
  }
  plan.shard_cores = plan_shards(config, free, plan.workers());
  plan.ring_events = config.memory.ring_events;
  plan.syslog = syslog_settings(config);
  if (config.spool) {
    plan.spool_taps = {.ring_bytes = config.spool->ring_bytes,
                       .snap_length = static_cast<std::uint32_t>(config.spool->snap_length),
                       .on = config.spool->enabled};
  }
  if (std::ranges::any_of(config.event_logs, [](const auto& log) { return log.events.dns; }))
    plan.dns_taps = kDnsTap;
  plan.observer = observer_settings(config, plan.writers());
  plan.observer.duplicates.switchable = true;
  plan.shard = shard_settings(config);
  plan.shard.shards = plan.shards();
  plan.east_s = config.detectors.utc_offset_s;
  plan.hosts = host_analysis_settings(config, plan.shard, plan.observer.patterns.get());
  plan.hugepages = machine.free_hugepage_bytes >= packet_buffer_bytes(plan, true) + kDpdkBytes;
  plan.packet_buffer_bytes = packet_buffer_bytes(plan, plan.hugepages);
  return plan;
}

}  // namespace mgmt
