// Sets aside, by the burst, the frames of TCP and UDP that say nothing to us.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
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

// Belongs to one worker, together with the ledger, which it borrows. Where most frames of a burst have to be
// observed anyway, as in a flood or behind a tunnel, it lets some bursts pass before it looks again. It is
// told whether frames are scattered, each in a buffer of its own: what of them is read later is then fetched
// ahead.
template <bool kScattered = false>
class Sieve {
 public:
  static constexpr unsigned kRest = 63;  // bursts

  explicit Sieve(Ledger& ledger) noexcept : ledger_(ledger) { std::iota(all_.begin(), all_.end(), 0); }

  // Where the frames are that have to be observed, until the next call; the verdicts of the others are
  // counted. A burst has at most kBurstFrames.
  Places pick(std::span<const wire::Frame> burst) noexcept {
    assert(burst.size() <= kBurstFrames);
    if (resting_ > 0) {
      --resting_;
      return all(burst);
    }
    const Places picked = set_aside(burst);
    if (2 * picked.size() > burst.size()) resting_ = kRest;
    return picked;
  }

  Places all(std::span<const wire::Frame> burst) const noexcept {
    assert(burst.size() <= kBurstFrames);
    return std::span(all_).first(burst.size());
  }

 private:
  static_assert(kBurstFrames <= 256);              // Places are octets.
  static constexpr std::size_t kFetchedAhead = 8;  // frames
  static constexpr int kIntoSecondLevel = 2;       // as __builtin_prefetch() means it

  // The source has fetched the first cache line; IPv6 has TCP's flags in the second.
  static void fetch_rest(const wire::Frame& frame) noexcept {
    __builtin_prefetch(frame.bytes + kCacheLine, 0, kIntoSecondLevel);
  }

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
  unsigned resting_ = 0;  // bursts left
  std::array<std::uint8_t, kBurstFrames> picked_{};
  std::array<std::uint8_t, kBurstFrames> all_{};
};

}  // namespace dataplane
