// Sets aside, by the burst, the frames of TCP and UDP that say nothing to us.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>

#include "dataplane/burst.h"
#include "dataplane/event.h"
#include "dataplane/ledger.h"
#include "wire/frame.h"
#include "wire/glance.h"

namespace dataplane {

// Of frames in their burst, in order.
using Places = std::span<const std::uint8_t>;

// Belongs to one worker, together with the ledger, which it borrows. Where few frames could be set aside of
// the burst before, as in a flood, it does not look. Frames are scattered if each lies in a buffer of its
// own.
template <bool kScattered = false>
class Sieve {
 public:
  explicit Sieve(Ledger& ledger) noexcept : ledger_(ledger) { std::iota(all_.begin(), all_.end(), 0); }

  // Where the frames are that have to be observed, until the next call; the verdicts of the others are
  // counted. A burst has at most kBurstFrames.
  Places pick(std::span<const wire::Frame> burst) noexcept {
    const std::uint64_t passed = ledger_[wire::Verdict::kTcpOther] + ledger_[wire::Verdict::kUdpOther];
    const bool pays = 2 * (passed - passed_before_) >= frames_before_;
    passed_before_ = passed;
    frames_before_ = burst.size();
    return pays ? set_aside(burst) : all(burst);
  }

  Places all(std::span<const wire::Frame> burst) const noexcept {
    return std::span(all_).first(burst.size());
  }

 private:
  static constexpr std::size_t kFetchedAhead = 8;  // frames

  // The source has fetched the first cache line; IPv6 has TCP's flags in the second.
  static void fetch_rest(const wire::Frame& frame) noexcept { __builtin_prefetch(frame.bytes + kCacheLine); }

  Places set_aside(std::span<const wire::Frame> burst) noexcept {
    std::size_t passed = 0;
    std::size_t of_udp = 0;
    for (std::size_t i = 0; i < burst.size(); ++i) {
      if constexpr (kScattered) fetch_rest(burst[std::min(i + kFetchedAhead, burst.size() - 1)]);
      const wire::Glance glance = wire::glance(burst[i]);
      picked_[i - passed] = static_cast<std::uint8_t>(i);
      passed += glance != wire::Glance::kLookCloser;
      of_udp += glance == wire::Glance::kUdpOther;
    }
    ledger_[wire::Verdict::kTcpOther] += passed - of_udp;
    ledger_[wire::Verdict::kUdpOther] += of_udp;
    return std::span(picked_).first(burst.size() - passed);
  }

  Ledger& ledger_;
  std::uint64_t passed_before_ = 0;  // by whatever way
  std::size_t frames_before_ = 0;    // of the burst before
  std::array<std::uint8_t, kBurstFrames> picked_{};
  std::array<std::uint8_t, kBurstFrames> all_{};
};

}  // namespace dataplane
