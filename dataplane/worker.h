// One core's work: frames in, verdicts counted, events out.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "dataplane/frame_tap.h"
#include "dataplane/ledger.h"
#include "dataplane/observer.h"
#include "dataplane/outlet.h"
#include "dataplane/sieve.h"
#include "wire/frame.h"

namespace dataplane {

// A source hands out bursts of at most kBurstFrames in capture order; a burst lives until the next receive().
// It may be empty. All frames of the source with an order up to reached() have been handed out; once
// finished(), no more will come.
template <class S>
concept Source = requires(S source) {
  { source.receive() } -> std::same_as<std::span<const wire::Frame>>;
  { source.reached() } -> std::same_as<std::uint64_t>;
  { source.finished() } -> std::same_as<bool>;
};

// True of a source that says so: `static constexpr bool kScattered = true` (dataplane/sieve.h).
template <class S>
inline constexpr bool kIsScattered = requires {
  requires S::kScattered;
};

// The same code for a NIC's queue, a capture file and a test's script. One thread; borrows source and outlet.
template <Source S>
class Worker {
 public:
  // `number` counts the workers that share the settings from 0.
  Worker(S& source, Outlet& outlet, const ObserverSettings& settings, std::size_t number = 0,
         const FrameTaps& taps = {})
      : source_(source), outlet_(outlet), taps_(taps), observer_(outlet, ledger_, settings, number) {}

  // One burst. Returns false once the source has ended and everything of it is on the rings.
  bool poll_once() {
    const std::span<const wire::Frame> burst = source_.receive();
    ledger_.count_received(burst);
    const Places places = observer_.wants_all() ? sieve_.all(burst) : sieve_.pick(burst);
    if (const FrameTaps on = {open(taps_.spool), open(taps_.dns)}; on.spool != nullptr || on.dns != nullptr) {
      observe_and_keep(burst, places, on);
    } else {
      for (const std::uint8_t at : places) ++ledger_[observer_.observe(burst[at])];
    }
    const bool finished = source_.finished();
    announce(burst.empty(), finished ? kFinished : source_.reached());
    return !finished;
  }

  // Between two bursts.
  void follow(const WorkerRules& rules) noexcept { observer_.follow(rules); }

  const Ledger& ledger() const noexcept { return ledger_; }

 private:
  static FrameTap* open(FrameTap* tap) noexcept { return tap != nullptr && tap->on() ? tap : nullptr; }

  // No tap wants what was set aside.
  void observe_and_keep(std::span<const wire::Frame> burst, Places places, const FrameTaps& taps) {
    for (const std::uint8_t at : places) {
      const wire::Frame& frame = burst[at];
      const wire::Verdict verdict = observer_.observe(frame);
      ++ledger_[verdict];
      if (taps.spool != nullptr) taps.spool->offer(frame, verdict);
      if (taps.dns != nullptr) taps.dns->offer(frame, verdict);
    }
    if (taps.spool != nullptr) taps.spool->publish();
    if (taps.dns != nullptr) taps.dns->publish();
  }

  // Nothing is said twice: a NIC's queue may be found empty many million times a second.
  void announce(bool nothing_new, std::uint64_t reached) {
    if (nothing_new && reached == announced_) return;
    outlet_.publish(reached);
    announced_ = reached;
  }

  S& source_;
  Outlet& outlet_;
  const FrameTaps taps_;
  Ledger ledger_;
  Observer observer_;
  Sieve<kIsScattered<S>> sieve_{ledger_};
  std::uint64_t announced_ = 0;
};

}  // namespace dataplane
