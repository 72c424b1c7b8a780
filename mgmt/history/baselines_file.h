// What the detectors have learned, kept in the state folder from one run to the next.
#pragma once

#include <optional>
#include <string>

#include "aggregator/baselines.h"
#include "mgmt/history/place.h"

namespace mgmt {

std::string baselines_file(const std::string& folder);

// All of it or, if that fails, what was there before. Throws HistoryError.
void write_baselines(const HistoryPlace& place, const aggregator::Baselines& baselines);

// Nothing if there is none. Throws HistoryError if it cannot be read or is none of this version.
std::optional<aggregator::Baselines> read_baselines(const HistoryPlace& place);

// Those that cannot be gone on from, so that no new ones take their place. Where they are now; "" if there
// are none or they cannot be moved.
std::string put_baselines_aside(const std::string& folder);

}  // namespace mgmt
