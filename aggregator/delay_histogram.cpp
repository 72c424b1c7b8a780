#include "aggregator/delay_histogram.h"

#include <algorithm>
#include <cassert>

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
  std::uint64_t before = 0;
  std::uint64_t group = 0;
  while (before + group_counts_[group] < rank) before += group_counts_[group++];
  std::uint64_t bin = group * kGroupBins;
  while (before + count(bin) < rank) before += count(bin++);
  return static_cast<double>(edge_ns(bin, kBins)) / kSecond;
}

std::vector<DelayBin> DelayHistogram::histogram(std::uint64_t bins) const {
  std::vector<DelayBin> result(bins);
  for (std::uint64_t i = 0; i < bins; ++i) result[i] = {edge_ns(i, bins), edge_ns(i + 1, bins), 0};
  for (std::uint64_t group = 0; group <= kGroups; ++group) {
    result[std::min(group * bins / kGroups, bins - 1)].count += group_counts_[group];
  }
  return result;
}

DelayHistogram& DelayHistogram::operator+=(const DelayHistogram& other) noexcept {
  assert(window_ns_ == other.window_ns_);
  total_ += other.total_;
  sum_ns_ += other.sum_ns_;
  for (std::uint64_t group = 0; group <= kGroups; ++group) {
    if (other.group_counts_[group] == 0) continue;
    group_counts_[group] += other.group_counts_[group];
    const std::uint64_t end = std::min((group + 1) * kGroupBins, kBins + 1);
    for (std::uint64_t bin = group * kGroupBins; bin < end; ++bin) counts_[bin] += other.counts_[bin];
  }
  for (const std::uint64_t bin : other.waiting()) ++counts_[bin];
  return *this;
}

std::uint64_t DelayHistogram::count(std::uint64_t bin) const noexcept {
  return counts_[bin] + static_cast<std::uint64_t>(std::ranges::count(waiting(), bin));
}

// The least delay that falls into the bin.
std::int64_t DelayHistogram::edge_ns(std::uint64_t bin, std::uint64_t bins) const noexcept {
  return static_cast<std::int64_t>((static_cast<wire::Uint128>(bin) * window_ns_ + bins - 1) / bins);
}

}  // namespace aggregator
