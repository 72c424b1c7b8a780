// Whether the sensor sees what it should.
#pragma once

#include <string>
#include <vector>

#include "mgmt/api/sensor.h"

namespace mgmt {

inline constexpr std::int64_t kSilentSeconds = 10;

// A sentence for each thing that is wrong now; none: all is well.
std::vector<std::string> health_problems(const SensorState& state);

}  // namespace mgmt
