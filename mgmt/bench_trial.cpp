#include "mgmt/bench_trial.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace mgmt {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{10};
constexpr double kShortestLook_s = 0.001;
constexpr double kLongestSettling_s = 10;  // a machine that is this far behind has lost

double wall_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

BenchTrials::BenchTrials(LivePipeline& pipeline, dataplane::TrafficSource& traffic, OnTick on_tick)
    : pipeline_(pipeline), traffic_(traffic), on_tick_(std::move(on_tick)) {
  BenchTrial nothing;
  settle(nothing);
  before_ = books();
}

BenchTrial BenchTrials::run(double rate, double seconds) {
  BenchTrial trial;
  trial.wanted_rate = rate;
  const double start_s = wall_s();
  traffic_.set_rate(rate);
  watch(start_s + seconds, trial, start_s);
  traffic_.set_rate(0);
  trial.seconds = wall_s() - start_s;
  settle(trial);

  const Books now = books();
  const dataplane::Ledger& ledger = now.total.ledger;
  trial.offered = now.traffic.offered - before_.traffic.offered;
  trial.received = ledger.frames - before_.total.ledger.frames;
  trial.events = ledger.events_made() - before_.total.ledger.events_made();
  trial.missed = now.traffic.missed - before_.traffic.missed;
  trial.no_buffer = now.traffic.no_buffer - before_.traffic.no_buffer;
  trial.elsewhere = now.traffic.elsewhere - before_.traffic.elsewhere;
  trial.ring_full = ledger.ring_full - before_.total.ledger.ring_full;
  trial.busy_ns = now.total.effort.busy_ns - before_.total.effort.busy_ns;
  trial.source_ns = now.traffic.source_ns - before_.traffic.source_ns;
  trial.balanced = now.total.balanced() && now.traffic.received == ledger.frames &&
                   trial.offered <= trial.received + trial.missed + trial.no_buffer + trial.elsewhere;
  before_ = now;
  return trial;
}

// Goes on for longer if no worker had its turn yet, as may happen where threads share cores.
void BenchTrials::watch(double until_s, BenchTrial& trial, double start_s) {
  const auto begun = [this] { return traffic_.counters().offered != before_.traffic.offered; };
  for (double now_s = wall_s(); now_s < until_s || (!begun() && now_s < until_s + kLongestSettling_s);
       now_s = wall_s()) {
    std::this_thread::sleep_for(std::min<std::chrono::duration<double>>(
        kBetweenLooks, std::chrono::duration<double>(std::max(until_s - now_s, kShortestLook_s))));
    note_completed(trial);
    on_tick_(std::min(1.0, (wall_s() - start_s) / (until_s - start_s)));
  }
}

// The last frame is through when the second that it was in is complete.
void BenchTrials::settle(BenchTrial& trial) {
  const double now_s = wall_s();
  const auto last = static_cast<std::uint64_t>(now_s);
  while (pipeline_.complete_before() <= last && wall_s() < now_s + kLongestSettling_s) {
    std::this_thread::sleep_for(kBetweenLooks);
    note_completed(trial);
  }
  note_completed(trial);
}

// A second that was complete before this trial began is not its own.
void BenchTrials::note_completed(BenchTrial& trial) {
  const std::uint64_t before = pipeline_.complete_before();
  pipeline_.poll();
  const double now_s = wall_s();
  if (trial.wanted_rate > 0 && completed_ != 0) {
    for (; completed_ < before; ++completed_) trial.delays.add(now_s - static_cast<double>(completed_ + 1));
  }
  completed_ = before;
}

BenchTrials::Books BenchTrials::books() {
  return {pipeline_.total_before(completed_), traffic_.counters()};
}

}  // namespace mgmt
