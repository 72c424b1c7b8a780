// What a few seconds of a port's traffic say of the mirror that sends it. Pure: from counts to diagnoses.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/ledger.h"
#include "dataplane/port_settings.h"
#include "mgmt/diagnosis.h"
#include "wire/tunnel.h"

namespace mgmt {

struct TrafficSeen {
  double seconds = 0;
  dataplane::Ledger ledger;                 // of all queues; copies within kCopyWindowNs have their verdict
  std::vector<std::uint64_t> queue_frames;  // of each queue
  std::uint64_t lost = 0;                   // by the port, before a worker saw them
  std::uint64_t events = 0;                 // DNS messages and connection attempts
  std::array<std::uint64_t, wire::kTunnelNames.size()> tunnelled{};  // of these, in each kind of tunnel

  TrafficSeen& operator+=(const TrafficSeen& other);
};

// A mirror's two copies of a frame come as close together as the switch can send them.
inline constexpr std::int64_t kCopyWindowNs = 2'000'000;

struct TrafficExpected {
  std::string name;  // of the port
  dataplane::PortDriver driver = dataplane::PortDriver::kDpdk;
  bool vlans = false;         // the operator says there are
  bool dedup = false;         // `tapline run` drops copies
  bool spreads = true;        // flows go to different queues
  bool spreads_inner = true;  // and those of a tunnel
};

// Of one port; of a silent one only that it is silent.
Diagnoses judge_traffic(const TrafficSeen& seen, const TrafficExpected& expected);

// Both directions: of all ports together, since a tap of two fibres has a port for each.
Diagnoses judge_directions(const TrafficSeen& seen, const std::string& subject);

}  // namespace mgmt
