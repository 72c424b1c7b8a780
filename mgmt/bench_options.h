// What `tapline bench` was asked to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dataplane/traffic/trace.h"
#include "mgmt/config.h"

namespace mgmt {

struct BenchOptions {
  Config config;
  dataplane::traffic::Mix mix = dataplane::traffic::Mix::kCoreMix;
  std::uint32_t size = dataplane::traffic::kSmallestFrame;  // of the mix 64B, with the frame check sequence
  std::optional<double> rate;                               // frames per second; nothing: search
  std::vector<std::uint64_t> workers;                       // a search for each; empty: by the machine
  std::int64_t trial_ns = 2'000'000'000;
  double tolerated_loss = 0;                                  // share of a trial that still passes
  std::optional<std::pair<std::string, std::string>> cabled;  // names of the ports: sends, is captured
  bool json = false;
  bool color = true;
  bool progress = true;
};

}  // namespace mgmt
