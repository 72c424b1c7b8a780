// GET /metrics, for Prometheus.
#pragma once

#include <string>

#include "mgmt/api/sensor.h"

namespace mgmt {

// In the text format 0.0.4. Labels are names from the configuration and from fixed lists: no client and no
// name from the wire is one.
std::string metrics_text(const SensorState& state);

}  // namespace mgmt
