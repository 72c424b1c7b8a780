// How long after its answer a paired SYN came.
#pragma once

#include <cstdint>
#include <vector>

#include "aggregator/summary.h"
#include "wire/hash.h"

namespace aggregator {

// Flat bins of a millionth of the window: with microsecond stamps and a window of 1 s each delay has a bin of
// its own, and quantiles are exact. Adding two gives what one would have counted.
class DelayHistogram {
 public:
  static constexpr std::uint64_t kBins = 1'000'000;

  explicit DelayHistogram(std::int64_t window_ns);

  // 0 <= delay_ns <= window_ns.
  void add(std::int64_t delay_ns) noexcept {
    const auto delay = static_cast<std::uint64_t>(delay_ns);
    ++counts_[static_cast<wire::Uint128>(delay) * kBins / window_ns_];
    ++total_;
    sum_ns_ += delay;
  }

  std::uint64_t total() const noexcept { return total_; }
  double mean_s() const noexcept;  // 0 without delays
  // By nearest rank, `percent` from 1 to 100: the lower edge of the bin in which the smallest delay lies that
  // at least so many per cent do not exceed. 0 without delays.
  double quantile_s(unsigned percent) const noexcept;
  // Equal bins over the window; `bins` divides kBins.
  std::vector<DelayBin> histogram(std::uint64_t bins) const;

  // Both must be of the same window.
  DelayHistogram& operator+=(const DelayHistogram& other) noexcept;

 private:
  std::int64_t edge_ns(std::uint64_t bin, std::uint64_t bins) const noexcept;

  std::uint64_t window_ns_;
  std::uint64_t total_ = 0;
  wire::Uint128 sum_ns_ = 0;
  std::vector<std::uint64_t> counts_;  // the last one is of delays that fill the window
};

}  // namespace aggregator
