// The report made for programs.
#pragma once

#include <string>

#include "aggregator/summary.h"

namespace mgmt {

// One JSON object and a final newline. Counts are integers, times seconds; what cannot be known is null: the
// times of an empty capture, the delay of no pair. Every verdict, event kind and DNS fault is there, also
// with 0. The same Summary gives the same bytes.
std::string report_json(const aggregator::Summary& summary);

}  // namespace mgmt
