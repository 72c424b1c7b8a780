// What `tapline bench` found out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mgmt/bench_trial.h"

namespace mgmt {

// Of one number of workers.
struct BenchResult {
  unsigned workers = 0;
  unsigned shards = 0;
  unsigned threads = 0;                  // of workers, shards and what sends
  std::optional<BenchTrial> highest;     // without loss; nothing: there was no such rate
  bool highest_is_most = false;          // no higher rate could be offered
  std::optional<BenchTrial> flat_out;    // as fast as the workers take frames; in memory only
  std::optional<BenchTrial> first_loss;  // the lowest rate that was too high
  std::optional<BenchTrial> half_load;   // at half of the highest
};

struct BenchReport {
  std::string mix;
  std::string source;      // "memory", or the ports: "0000:01:00.0 to 0000:01:00.1"
  double mean_octets = 0;  // of a frame, without the frame check sequence
  double trial_s = 0;
  double resolution = 0;
  double tolerated_loss = 0;
  bool searched = true;   // false: one trial at a rate that was given, which is `highest`
  std::size_t cores = 0;  // of the machine
  bool hugepages = false;
  double tsc_ghz = 0;
  std::vector<BenchResult> results;

  bool balanced() const noexcept;
};

}  // namespace mgmt
