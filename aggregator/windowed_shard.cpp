#include "aggregator/windowed_shard.h"

#include "dataplane/packet_windows.h"

namespace aggregator {

using dataplane::kFinished;
using dataplane::kPacketWindowNs;
using dataplane::packet_window_of;

WindowedShard::WindowedShard(std::vector<dataplane::EventRing*> rings, const ShardSettings& settings,
                             unsigned shard, WindowMerge& windows)
    : merge_(std::move(rings)), shard_(settings), number_(shard), windows_(windows) {}

std::size_t WindowedShard::poll() {
  const auto observe = [this](std::span<const dataplane::Event> events) { shard_.observe(events); };
  const std::size_t drained = merge_.drain(observe, (window_ + 1) * kPacketWindowNs);
  events_in_window_ += drained;
  close_windows_below(merge_.complete_below());
  return drained;
}

// Seconds without an event are passed over.
void WindowedShard::close_windows_below(std::uint64_t order) {
  const std::uint64_t next = packet_window_of(order);
  if (next <= window_ || finished_) return;
  finished_ = merge_.finished();
  if (events_in_window_ > 0 || finished_) {
    windows_.add({.window = window_,
                  .events = events_in_window_,
                  .counts = finished_ ? shard_.close() : shard_.close_window()});
  }
  events_in_window_ = 0;
  window_ = next;
  windows_.passed(number_, finished_ ? kFinished : next);
}

}  // namespace aggregator
