// Opens each port as `tapline run` would, and listens to it for a while.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/port.h"
#include "mgmt/doctor_traffic.h"
#include "mgmt/live_plan.h"

namespace mgmt {

// What an open port says of itself.
struct OpenPort {
  dataplane::PortFacts facts;
  bool drops_in_nic = false;  // could, if it were told to (nic_filter)
  bool strips_vlan_tags = false;
};

struct PortVisit {
  std::string refusal;  // why it could not be opened; "" if it was
  std::optional<OpenPort> open;
  std::optional<TrafficSeen> seen;  // where it was listened to
};

// In the order of the plan's ports. A port that cannot be opened does not keep the others from it. Nothing is
// listened to if `listen_ns` is 0.
std::vector<PortVisit> visit_ports(LivePlan plan, std::int64_t listen_ns);

}  // namespace mgmt
