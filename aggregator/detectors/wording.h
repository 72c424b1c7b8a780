// Figures and hosts, as evidence and advice show them.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "aggregator/detector_settings.h"

namespace aggregator {

// "mx1 (192.0.2.25)"
inline std::string name_of(const WatchedServer& server) {
  const std::string address = to_text(server.addresses.front());
  return server.name.empty() ? address : server.name + " (" + address + ")";
}

template <class Sketch>
std::uint64_t distinct_count(const Sketch& sketch) {
  return static_cast<std::uint64_t>(std::llround(sketch.estimate()));
}

}  // namespace aggregator
