// What `tapline doctor` says of a port that it has opened, or tried to.
#pragma once

#include "mgmt/diagnosis.h"
#include "mgmt/doctor_listen.h"
#include "mgmt/live_plan.h"

namespace mgmt {

// Flows go to different queues, by the NIC or by the kernel before it.
bool spreads_flows(const dataplane::PortFacts& facts, dataplane::PortDriver driver) noexcept;

Diagnoses judge_port(const PortVisit& visit, const LivePlan::Port& planned);

}  // namespace mgmt
