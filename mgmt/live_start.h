// What `tapline run` says when it starts.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dataplane/port.h"
#include "mgmt/live_plan.h"

namespace mgmt {

// How each port turned out, where shards run, whose logs are awaited, and what the box lacks.
std::vector<std::string> start_lines(const LivePlan& plan,
                                     std::span<const std::unique_ptr<dataplane::Port>> ports);

}  // namespace mgmt
