// Who makes most of something in the window.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace aggregator {

// The busiest of each step are kept while they are in the window, and added up when asked for: exact for
// whoever is among them throughout. One thread.
template <class Key>
class TopShares {
 public:
  static constexpr std::size_t kOfAStep = 16;

  explicit TopShares(std::int64_t window_steps) : window_steps_(window_steps) {}

  // Of one step; their order and those that are 0 do not matter.
  void add(std::int64_t step, std::vector<std::pair<Key, std::uint64_t>> counts) {
    while (!recent_.empty() && recent_.front().step <= step - window_steps_) recent_.pop_front();
    const auto more = [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    };
    const std::size_t kept = std::min(kOfAStep, counts.size());
    std::partial_sort(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(kept), counts.end(), more);
    for (std::size_t i = 0; i < kept && counts[i].second > 0; ++i) {
      recent_.push_back({step, std::move(counts[i].first), counts[i].second});
    }
  }

  // Most first.
  std::vector<std::pair<Key, std::uint64_t>> top(std::size_t most) const {
    std::map<Key, std::uint64_t> sums;
    for (const Count& count : recent_) sums[count.key] += count.count;
    std::vector<std::pair<Key, std::uint64_t>> sorted(sums.begin(), sums.end());
    std::ranges::stable_sort(sorted, std::ranges::greater{}, &std::pair<Key, std::uint64_t>::second);
    sorted.resize(std::min(most, sorted.size()));
    return sorted;
  }

 private:
  struct Count {
    std::int64_t step;
    Key key;
    std::uint64_t count;
  };

  std::int64_t window_steps_;
  std::deque<Count> recent_;
};

}  // namespace aggregator
