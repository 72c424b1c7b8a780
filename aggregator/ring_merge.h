// A shard's rings, one from each worker, read as one stream in capture order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dataplane/event_ring.h"

namespace aggregator {

// One thread; borrows the rings. Runs up to the watermark: the least order that some worker may still send.
class RingMerge {
 public:
  explicit RingMerge(std::vector<dataplane::EventRing*> rings) : rings_(std::move(rings)) {}

  // Hands sink(std::span<const Event>) what is in order by now, in order, of orders below `end`. Returns the
  // number of events.
  template <class Sink>
  std::size_t drain(Sink&& sink, std::uint64_t end = dataplane::kFinished);

  // After drain(): of orders below this nothing more will come.
  std::uint64_t complete_below() const noexcept { return complete_below_; }

  // Every worker has finished and every event was handed out.
  bool finished() const noexcept { return finished_; }

 private:
  struct Run {
    dataplane::EventRing* ring = nullptr;
    std::span<const dataplane::Event> events;  // at the head of `ring`, safe to take
  };

  Run next_run(std::uint64_t end) noexcept;

  std::vector<dataplane::EventRing*> rings_;
  std::uint64_t complete_below_ = 0;
  bool finished_ = false;
};

template <class Sink>
std::size_t RingMerge::drain(Sink&& sink, std::uint64_t end) {
  std::size_t drained = 0;
  for (Run run = next_run(end); !run.events.empty(); run = next_run(end)) {
    sink(run.events);
    run.ring->release(run.events.size());
    drained += run.events.size();
  }
  return drained;
}

}  // namespace aggregator
