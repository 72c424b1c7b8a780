// A shard whose rings go on for ever: it closes a window for each second of packet time.
#pragma once

#include <cstdint>
#include <vector>

#include "aggregator/ring_merge.h"
#include "aggregator/shard.h"
#include "aggregator/window_merge.h"

namespace aggregator {

// One thread; borrows the rings and the merge, to which it hands its windows under the number `shard`.
class WindowedShard {
 public:
  WindowedShard(std::vector<dataplane::EventRing*> rings, const ShardSettings& settings, unsigned shard,
                WindowMerge& windows);

  // Observes what is in order by now. Returns the number of events.
  std::size_t poll();

  // All workers have finished and all of theirs was observed; the last window has been handed over, names and
  // all.
  bool finished() const noexcept { return finished_; }

 private:
  void close_windows_below(std::uint64_t order);

  RingMerge merge_;
  Shard shard_;
  unsigned number_;
  WindowMerge& windows_;
  std::uint64_t window_ = 0;  // open
  std::uint64_t events_in_window_ = 0;
  bool finished_ = false;
};

}  // namespace aggregator
