// One trial of `tapline bench`: frames at a rate for some time, and what became of them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "dataplane/traffic_source.h"
#include "mgmt/live_pipeline.h"
#include "mgmt/summary_delay.h"

namespace mgmt {

struct BenchTrial {
  double wanted_rate = 0;  // frames per second; may be dataplane::kAsFastAsItGoes
  double seconds = 0;
  std::uint64_t offered = 0;
  std::uint64_t received = 0;  // frames that have their verdict
  std::uint64_t events = 0;    // made
  std::uint64_t missed = 0;    // frames lost, by place
  std::uint64_t no_buffer = 0;
  std::uint64_t elsewhere = 0;
  std::uint64_t ring_full = 0;  // events lost
  std::uint64_t busy_ns = 0;    // of all workers
  std::uint64_t source_ns = 0;  // of these, what making the frames arrive took
  SummaryDelays delays;
  bool balanced = true;

  double offered_rate() const noexcept { return static_cast<double>(offered) / seconds; }
  double received_rate() const noexcept { return static_cast<double>(received) / seconds; }
  double worker_ns_per_frame() const noexcept { return per_frame(busy_ns); }
  double source_ns_per_frame() const noexcept { return per_frame(source_ns); }

  // Lost frames and events, as a share of what was offered and made.
  double loss() const noexcept {
    const double made = static_cast<double>(offered + events);
    return made > 0 ? static_cast<double>(missed + no_buffer + elsewhere + ring_full) / made : 0;
  }

 private:
  double per_frame(std::uint64_t ns) const noexcept {
    return received == 0 ? 0 : static_cast<double>(ns) / static_cast<double>(received);
  }
};

// Borrows a pipeline that runs, and the traffic that arrives on its port.
class BenchTrials {
 public:
  using OnTick = std::function<void(double share_done)>;

  BenchTrials(LivePipeline& pipeline, dataplane::TrafficSource& traffic, OnTick on_tick);

  // Begins and ends with nothing on its way.
  BenchTrial run(double rate, double seconds);

 private:
  struct Books {
    LiveTotal total;
    dataplane::TrafficCounters traffic;
  };

  void watch(double until_s, BenchTrial& trial, double start_s);
  void settle(BenchTrial& trial);
  void note_completed(BenchTrial& trial);
  Books books();

  LivePipeline& pipeline_;
  dataplane::TrafficSource& traffic_;
  OnTick on_tick_;
  std::uint64_t completed_ = 0;  // all seconds before it
  Books before_;
};

}  // namespace mgmt
