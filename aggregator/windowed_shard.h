// A shard that closes a window for each second of packet time.
#pragma once

#include <cstdint>
#include <vector>

#include "aggregator/ring_merge.h"
#include "aggregator/shard.h"
#include "aggregator/window_merge.h"

namespace aggregator {

enum class Windows : std::uint8_t {
  kWithCounts,  // each with all that the shard counted in it
  kSteps,       // each with what was counted of hosts; all else with the last one
  kOne          // the whole stream is one
};

// One thread; borrows the rings and the merge, to which it hands its windows under the number `shard`.
class WindowedShard {
 public:
  WindowedShard(std::vector<dataplane::EventRing*> rings, const ShardSettings& settings, unsigned shard,
                WindowMerge& windows, Windows kind);

  // Observes what is in order by now. Returns the number of events.
  std::size_t poll();

  // All workers have finished and all of theirs was observed; the last window has been handed over, names and
  // all.
  bool finished() const noexcept { return finished_; }

 private:
  std::uint64_t window_end() const noexcept;
  bool close_windows_below(std::uint64_t order);
  ClosedWindow closed_window();

  RingMerge merge_;
  Shard shard_;
  unsigned number_;
  WindowMerge& windows_;
  Windows kind_;
  std::uint64_t window_ = 0;  // open
  std::uint64_t events_in_window_ = 0;
  bool finished_ = false;
};

}  // namespace aggregator
