// How long after its answer a paired SYN came.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "aggregator/huge_array.h"
#include "aggregator/prefetch.h"
#include "aggregator/summary.h"
#include "wire/hash.h"

namespace aggregator {

inline constexpr std::int64_t kMaxWindowNs = 3600LL * 1'000'000'000;

// Flat bins of a millionth of the window: with microsecond stamps and a window of 1 s each delay has a bin of
// its own, and quantiles are exact. Adding two gives what one would have counted.
class DelayHistogram {
 public:
  static constexpr std::uint64_t kBins = 1'000'000;
  static constexpr std::uint64_t kGroups = 1000;

  static_assert(static_cast<std::uint64_t>(kMaxWindowNs) <= std::numeric_limits<std::uint64_t>::max() / kBins,
                "delay * kBins does not overflow");

  explicit DelayHistogram(std::int64_t window_ns);  // from 1 to kMaxWindowNs

  // 0 <= delay_ns <= window_ns.
  void add(std::int64_t delay_ns) noexcept {
    const auto delay = static_cast<std::uint64_t>(delay_ns);
    const std::uint64_t bin = delay * kBins / window_ns_;
    ++group_counts_[bin / kGroupBins];
    prefetch_to_write(&counts_[bin]);
    std::uint64_t& turn = waiting_[added_ % kWaiting];
    if (added_ >= kWaiting) ++counts_[turn];
    turn = bin;
    ++added_;
    ++total_;
    sum_ns_ += delay;
  }

  std::uint64_t total() const noexcept { return total_; }
  double mean_s() const noexcept;  // 0 without delays
  // By nearest rank, `percent` from 1 to 100: the lower edge of the bin in which the smallest delay lies that
  // at least so many per cent do not exceed. 0 without delays.
  double quantile_s(unsigned percent) const noexcept;
  // Equal bins over the window; `bins` divides kGroups.
  std::vector<DelayBin> histogram(std::uint64_t bins) const;

  // Both must be of the same window.
  DelayHistogram& operator+=(const DelayHistogram& other) noexcept;

 private:
  static constexpr std::uint64_t kGroupBins = kBins / kGroups;
  static constexpr std::uint64_t kWaiting = 16;

  std::span<const std::uint64_t> waiting() const noexcept {
    return std::span(waiting_).first(std::min(added_, kWaiting));
  }
  std::uint64_t count(std::uint64_t bin) const noexcept;
  std::int64_t edge_ns(std::uint64_t bin, std::uint64_t bins) const noexcept;

  std::uint64_t window_ns_;
  std::uint64_t total_ = 0;
  wire::Uint128 sum_ns_ = 0;
  // One more than kBins, and than kGroups: delays that fill the window. The groups' sums spare a reader the
  // empty stretches, and the memory behind those is never touched.
  HugeArray<std::uint64_t> counts_;
  // The bins are eight megabytes read at random, so the last delays added wait until theirs is at hand.
  std::uint64_t added_ = 0;  // by add()
  std::array<std::uint64_t, kWaiting> waiting_{};
  std::array<std::uint64_t, kGroups + 1> group_counts_{};
};

}  // namespace aggregator
