#include "aggregator/delay_histogram.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>

namespace aggregator {
namespace {

constexpr double kSecond = 1e9;

}  // namespace

DelayHistogram::DelayHistogram(std::int64_t window_ns)
    : window_ns_(static_cast<std::uint64_t>(std::max<std::int64_t>(window_ns, 1))), counts_(kBins + 1) {}

double DelayHistogram::mean_s() const noexcept {
  return total_ == 0 ? 0 : static_cast<double>(sum_ns_) / static_cast<double>(total_) / kSecond;
}

double DelayHistogram::quantile_s(unsigned percent) const noexcept {
  if (total_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>((static_cast<wire::Uint128>(total_) * percent + 99) / 100);
  std::uint64_t seen = 0;
  std::uint64_t bin = 0;
  while ((seen += counts_[bin]) < rank) ++bin;
  return static_cast<double>(edge_ns(bin, kBins)) / kSecond;
}

std::vector<DelayBin> DelayHistogram::histogram(std::uint64_t bins) const {
  const std::uint64_t fine_per_bin = kBins / bins;
  std::vector<DelayBin> result;
  for (std::uint64_t i = 0; i < bins; ++i) {
    const auto from = counts_.begin() + static_cast<std::ptrdiff_t>(i * fine_per_bin);
    const auto to = i + 1 == bins ? counts_.end() : from + static_cast<std::ptrdiff_t>(fine_per_bin);
    result.push_back({edge_ns(i, bins), edge_ns(i + 1, bins), std::accumulate(from, to, std::uint64_t{0})});
  }
  return result;
}

DelayHistogram& DelayHistogram::operator+=(const DelayHistogram& other) noexcept {
  assert(window_ns_ == other.window_ns_);
  total_ += other.total_;
  sum_ns_ += other.sum_ns_;
  std::transform(counts_.begin(), counts_.end(), other.counts_.begin(), counts_.begin(), std::plus<>());
  return *this;
}

// The least delay that falls into the bin.
std::int64_t DelayHistogram::edge_ns(std::uint64_t bin, std::uint64_t bins) const noexcept {
  return static_cast<std::int64_t>((static_cast<wire::Uint128>(bin) * window_ns_ + bins - 1) / bins);
}

}  // namespace aggregator
