// Where the windows of all shards come together.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "aggregator/shard_step.h"
#include "aggregator/shard_window.h"

namespace aggregator {

struct ClosedWindow {
  std::uint64_t window = 0;           // the second since 1970
  std::uint64_t events = 0;           // drained from the rings
  std::optional<ShardWindow> counts;  // none: they are counted on until the last window
  std::optional<ShardStep> step;      // none: no host is counted one by one
  bool exact = true;                  // false: some of it may belong to a neighbour

  // Of another shard, or another second: the counts and steps, not the number.
  void add(ClosedWindow&& other);
};

struct CompleteWindows {
  std::vector<ClosedWindow> windows;  // oldest first
  std::uint64_t before = 0;           // none of an earlier second will follow
  bool exact = true;                  // false: what is of a second that is missing may be with a later one
};

// Any thread. A shard comes here once a second and never waits for a reader for longer than it takes to move
// a window. If nobody takes them, windows are added to one another from the `most_open`-th on: nothing is
// lost, but the seconds are no longer told apart.
class WindowMerge {
 public:
  static constexpr std::size_t kMostOpen = 64;

  // A window keeps rows of at most about twice `clients` clients.
  WindowMerge(unsigned shards, std::size_t clients, std::size_t most_open = kMostOpen)
      : passed_(shards), clients_(clients), most_open_(most_open) {}

  // Of one shard.
  void add(ClosedWindow window);

  // Shard `shard` is through with all windows before `window`, kFinished: with all.
  void passed(unsigned shard, std::uint64_t window);

  // The sums of the windows that all shards are through with, taken out. Windows in which no shard saw
  // anything are not among them. Once all shards have finished, nothing, and nothing is said of what comes
  // after, until the caller wants the last ones.
  enum class Last {
    kLeave,
    kTake
  };
  CompleteWindows take_complete(Last last);

  // All shards are through with all windows before this.
  std::uint64_t complete_before() const;

 private:
  void add_to_newest(ClosedWindow window);

  mutable std::mutex mutex_;
  std::vector<std::uint64_t> passed_;  // by shard
  std::size_t clients_;
  std::size_t most_open_;
  std::multimap<std::uint64_t, ClosedWindow> open_;
  bool blurred_ = false;  // until all that is open has been taken
};

}  // namespace aggregator
