#include "aggregator/ring_merge.h"

#include <algorithm>

namespace aggregator {

using dataplane::Event;
using dataplane::EventRing;

// The ring with the oldest head, and of it what is older than everything the other rings hold or may still
// get, and below `end`. Of equal heads the first ring's goes first.
RingMerge::Run RingMerge::next_run(std::uint64_t end) noexcept {
  Run run;
  std::uint64_t oldest = dataplane::kFinished;
  std::uint64_t next_head = dataplane::kFinished;  // of the other rings
  std::uint64_t awaited = dataplane::kFinished;    // the least order that an empty ring may still get
  bool all_finished = true;
  for (EventRing* ring : rings_) {
    const std::uint64_t announced = ring->announced();
    const std::span<const Event> events = ring->readable();
    all_finished = all_finished && announced == dataplane::kFinished && events.empty();
    if (events.empty()) {
      if (announced != dataplane::kFinished) awaited = std::min(awaited, announced + 1);
    } else if (events[0].order < oldest) {
      next_head = oldest;
      oldest = events[0].order;
      run = {ring, events};
    } else {
      next_head = std::min(next_head, events[0].order);
    }
  }
  finished_ = all_finished;
  complete_below_ = std::min(oldest, awaited);
  if (run.ring == nullptr || oldest >= std::min(awaited, end)) return {};
  const std::uint64_t bound = std::min({std::max(next_head, oldest + 1), awaited, end});
  if (run.events.back().order < bound) return run;
  const auto after = std::partition_point(run.events.begin(), run.events.end(),
                                          [bound](const Event& event) { return event.order < bound; });
  return {run.ring, run.events.first(static_cast<std::size_t>(after - run.events.begin()))};
}

}  // namespace aggregator
