#include "mgmt/filter_proof.h"

namespace mgmt {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMarginNs = 500'000'000;  // until rules that were asked for are in force
constexpr std::int64_t kNearNs = 10 * kSecond;

}  // namespace

void FilterProof::count(std::uint64_t window, std::uint64_t frames) noexcept {
  constexpr std::uint64_t kMostLeftOut = 3600;  // beyond, nobody listened
  if (next_window_ != 0 && window - next_window_ < kMostLeftOut) {
    for (; next_window_ < window; ++next_window_) count_one(next_window_, 0);
  }
  count_one(window, frames);
  next_window_ = window + 1;
}

void FilterProof::count_one(std::uint64_t window, std::uint64_t frames) noexcept {
  const std::int64_t begin = static_cast<std::int64_t>(window) * kSecond - start_ns_;
  if (begin < 0) return;
  const std::int64_t in_round = begin % kRoundNs;
  const bool unfiltered = in_round >= kMarginNs && in_round + kSecond <= kUnfilteredNs;
  const bool filtered_after = in_round >= kUnfilteredNs + kMarginNs && in_round < kUnfilteredNs + kNearNs;
  const bool filtered_before = in_round >= kRoundNs - kNearNs && in_round + kSecond <= kRoundNs;
  if (!unfiltered && !filtered_after && !filtered_before) return;
  Sum& sum = unfiltered ? unfiltered_ : filtered_;
  ++sum.seconds;
  sum.frames += frames;
}

double FilterProof::ratio() const noexcept {
  if (unfiltered_.frames == 0 || filtered_.seconds == 0) return 0;
  return unfiltered_.mean() / filtered_.mean();  // infinite if the rules hide all
}

}  // namespace mgmt
