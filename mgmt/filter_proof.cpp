#include "mgmt/filter_proof.h"

namespace mgmt {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMarginNs = 500'000'000;  // until rules that were asked for are in force
constexpr std::int64_t kNearNs = 10 * kSecond;

}  // namespace

void FilterProof::count(std::uint64_t window, std::uint64_t frames) noexcept {
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
  if (unfiltered_.seconds == 0 || filtered_.frames == 0) return 0;
  return unfiltered_.mean() / filtered_.mean();
}

}  // namespace mgmt
