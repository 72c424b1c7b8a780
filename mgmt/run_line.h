// The line that `tapline run` prints each second.
#pragma once

#include <cstdint>
#include <string>

#include "aggregator/sensor_counts.h"
#include "mgmt/text_style.h"

namespace mgmt {

std::string run_heading(const TextStyle& style);
// Of one second.
std::string run_line(std::uint64_t window, const aggregator::SensorCounts& counts, std::uint64_t clients);

}  // namespace mgmt
