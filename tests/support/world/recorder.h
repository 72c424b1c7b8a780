// Makes the capture files: a day of the campus with what a scenario adds to it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/world/scenario.h"
#include "tests/support/world/tape.h"

namespace tests::world {

// The same scenario, strength and seed give the same octets on every machine.
class Recorder {
 public:
  // Writes the pcap file and returns what is true of it. Throws std::runtime_error if it cannot be written.
  std::vector<Label> record(const Scenario& scenario, unsigned strength, std::uint64_t seed,
                            const std::string& path);

 private:
  using DayKey =
      std::tuple<Day, Nanos, std::uint64_t, bool>;  // length, seed, whether the name server restarts
  const Tape& day_of(const DayKey& key);

  std::map<DayKey, Tape> days_;  // those recorded last: most scenarios share theirs
};

}  // namespace tests::world
