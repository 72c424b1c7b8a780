#include "aggregator/window_merge.h"

#include <algorithm>

#include "dataplane/event_ring.h"

namespace aggregator {

void WindowMerge::add(ClosedWindow window) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = window.window;
  open_.emplace(number, std::move(window));
}

void WindowMerge::passed(unsigned shard, std::uint64_t window) {
  const std::lock_guard lock(mutex_);
  passed_[shard] = window;
}

std::vector<ClosedWindow> WindowMerge::take_complete(Last last) {
  std::multimap<std::uint64_t, ClosedWindow> taken;
  {
    const std::lock_guard lock(mutex_);
    const std::uint64_t end = *std::ranges::min_element(passed_);
    if (end == dataplane::kFinished && last == Last::kLeave) return {};
    while (!open_.empty() && open_.begin()->first < end)
      taken.insert(taken.end(), open_.extract(open_.begin()));
  }
  std::vector<ClosedWindow> sums;
  for (auto& [number, window] : taken) {
    if (!sums.empty() && sums.back().window == number) {
      sums.back().events += window.events;
      sums.back().counts += window.counts;
    } else {
      sums.push_back(std::move(window));
    }
  }
  return sums;
}

std::uint64_t WindowMerge::complete_before() const {
  const std::lock_guard lock(mutex_);
  return *std::ranges::min_element(passed_);
}

}  // namespace aggregator
