// What of a configuration can change while `tapline run` captures.
#pragma once

#include <string>
#include <vector>

#include "dataplane/worker_rules.h"
#include "mgmt/config.h"

namespace mgmt {

// Throws ConfigError, as observer_settings() does.
dataplane::WorkerRules worker_rules(const Config& config, std::size_t workers);

// The keys or sections in which `wanted` differs from `running` and that only a restart can change. Then
// nothing should be changed.
std::vector<std::string> restart_needed_for(const Config& running, const Config& wanted);

}  // namespace mgmt
