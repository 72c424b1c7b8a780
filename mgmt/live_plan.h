// Which queue and which shard runs where: from the configuration and the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "aggregator/host_analysis.h"
#include "aggregator/shard.h"
#include "dataplane/frame_tap.h"
#include "dataplane/observer.h"
#include "dataplane/port_settings.h"
#include "dataplane/syslog_settings.h"
#include "mgmt/config.h"
#include "mgmt/machine.h"

namespace mgmt {

using Core = std::optional<std::uint64_t>;  // nothing: wherever the system likes

// Beside the packet buffers: rings, queues and tables of DPDK's own.
inline constexpr std::uint64_t kDpdkBytes = std::uint64_t{64} << 20;

struct LivePlan {
  struct Port {
    dataplane::PortSettings settings;  // with the number of queues
    std::vector<Core> cores;           // of the queues' workers
  };
  std::vector<Port> ports;
  std::vector<Core> shard_cores;
  std::size_t ring_events = 1 << 16;
  dataplane::ObserverSettings observer;
  aggregator::ShardSettings shard;
  std::optional<aggregator::HostAnalysisSettings> hosts;
  std::int64_t east_s = 0;  // hours and days of curves begin where they do so far east of Greenwich
  std::optional<dataplane::SyslogSettings> syslog;
  std::optional<dataplane::FrameTapSettings> spool_taps;  // if frames are kept
  std::optional<dataplane::FrameTapSettings> dns_taps;    // if an event log tells of single DNS messages
  bool hugepages = true;
  std::uint64_t packet_buffer_bytes = 0;  // of all ports

  unsigned workers() const noexcept;
  // That write rings and read rules: the workers, and behind them who listens for syslog.
  unsigned writers() const noexcept { return workers() + (syslog ? 1 : 0); }
  unsigned shards() const noexcept { return static_cast<unsigned>(shard_cores.size()); }
};

// Cores that are not named are chosen: isolated ones first, the first core last, each once while there are
// enough; what is left over goes to the system. Throws std::runtime_error, in a sentence, if there is no
// port.
LivePlan live_plan(const Config& config, const Machine& machine);

}  // namespace mgmt
