// What detectors have learned, as plain numbers: for a later run to go on from.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "wire/address.h"

namespace aggregator {

struct Baselines {
  // Of the settings that they were learned with: with others they mean nothing.
  std::int64_t step_ns = 0;
  std::int64_t window_ns = 0;

  std::int64_t steps = 0;   // that were seen
  std::int64_t end_ns = 0;  // packet time: the end of the newest
  bool accepts_seen = false;

  // Of servers and suspects: by what it is, whose, and what it itself makes numbers of.
  std::map<std::string, std::map<wire::Address, std::vector<double>>, std::less<>> numbers;

  struct Host {
    wire::Address address;
    std::uint8_t habits = 0;  // HostHabits
    float answers = 0;
  };
  std::vector<Host> hosts;
};

}  // namespace aggregator
