#include "aggregator/window_merge.h"

#include <algorithm>
#include <iterator>

#include "dataplane/event_ring.h"

namespace aggregator {

void ClosedWindow::add(ClosedWindow&& other) {
  events += other.events;
  if (counts && other.counts) {
    *counts += *other.counts;
  } else if (other.counts) {
    counts = std::move(other.counts);
  }
  if (step && other.step) {
    *step += std::move(*other.step);
  } else if (other.step) {
    step = std::move(other.step);
  }
}

void WindowMerge::add(ClosedWindow window) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = window.window;
  if (open_.size() < most_open_) {
    open_.emplace(number, std::move(window));
  } else {
    add_to_newest(std::move(window));
  }
}

void WindowMerge::add_to_newest(ClosedWindow window) {
  auto newest = open_.extract(std::prev(open_.end()));
  ClosedWindow& sum = newest.mapped();
  sum.window = newest.key() = std::max(sum.window, window.window);
  sum.add(std::move(window));
  if (sum.counts) sum.counts->clients.bound(clients_);
  if (sum.step) sum.step->bound(2 * clients_);
  open_.insert(std::move(newest));
  blurred_ = true;
}

void WindowMerge::passed(unsigned shard, std::uint64_t window) {
  const std::lock_guard lock(mutex_);
  passed_[shard] = window;
}

CompleteWindows WindowMerge::take_complete(Last last) {
  std::multimap<std::uint64_t, ClosedWindow> taken;
  CompleteWindows complete;
  {
    const std::lock_guard lock(mutex_);
    const std::uint64_t end = *std::ranges::min_element(passed_);
    if (end == dataplane::kFinished && last == Last::kLeave) return complete;
    complete.before = end;
    while (!open_.empty() && open_.begin()->first < end)
      taken.insert(taken.end(), open_.extract(open_.begin()));
    complete.exact = !blurred_;
    blurred_ = blurred_ && !open_.empty();
  }
  std::vector<ClosedWindow>& sums = complete.windows;
  for (auto& [number, window] : taken) {
    if (!sums.empty() && sums.back().window == number) {
      sums.back().add(std::move(window));
    } else {
      sums.push_back(std::move(window));
      sums.back().exact = complete.exact;
    }
  }
  return complete;
}

std::uint64_t WindowMerge::complete_before() const {
  const std::lock_guard lock(mutex_);
  return *std::ranges::min_element(passed_);
}

}  // namespace aggregator
