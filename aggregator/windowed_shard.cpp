#include "aggregator/windowed_shard.h"

#include "dataplane/packet_windows.h"

namespace aggregator {

using dataplane::kFinished;
using dataplane::kPacketWindowNs;
using dataplane::packet_window_of;

WindowedShard::WindowedShard(std::vector<dataplane::EventRing*> rings, const ShardSettings& settings,
                             unsigned shard, WindowMerge& windows, Windows kind)
    : merge_(std::move(rings)), shard_(settings), number_(shard), windows_(windows), kind_(kind) {}

std::size_t WindowedShard::poll() {
  const auto observe = [this](std::span<const dataplane::Event> events) { shard_.observe(events); };
  std::size_t drained = 0;
  do {
    const std::size_t in_window = merge_.drain(observe, window_end());
    events_in_window_ += in_window;
    drained += in_window;
  } while (close_windows_below(merge_.complete_below()));
  return drained;
}

std::uint64_t WindowedShard::window_end() const noexcept {
  return kind_ == Windows::kOne ? kFinished : (window_ + 1) * kPacketWindowNs;
}

// True if another window is open then. Seconds without an event are passed over.
bool WindowedShard::close_windows_below(std::uint64_t order) {
  if (finished_ || order < window_end()) return false;
  finished_ = merge_.finished();
  if (events_in_window_ > 0 || finished_) windows_.add(closed_window());
  events_in_window_ = 0;
  window_ = packet_window_of(order);
  windows_.passed(number_, finished_ ? kFinished : window_);
  return !finished_;
}

ClosedWindow WindowedShard::closed_window() {
  ClosedWindow closed{
      .window = window_, .events = events_in_window_, .counts = {}, .step = shard_.close_step()};
  if (finished_) {
    closed.counts = shard_.close();
  } else if (kind_ == Windows::kWithCounts) {
    closed.counts = shard_.close_window();
  }
  return closed;
}

}  // namespace aggregator
