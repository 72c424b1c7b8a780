// A worker on an RX queue of a port: its thread's work, and what it says of itself.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "dataplane/frame_tap.h"
#include "dataplane/ledger.h"
#include "dataplane/observer.h"
#include "dataplane/outlet.h"
#include "dataplane/port.h"
#include "dataplane/worker_rules.h"

namespace dataplane {

// How a worker spent its time, since the start.
struct WorkerEffort {
  std::uint64_t busy_ns = 0;          // in polls that found frames
  std::uint64_t polls = 0;            // that found frames
  std::uint64_t longest_poll_ns = 0;  // for one burst

  // Of several workers together.
  WorkerEffort& operator+=(const WorkerEffort& other) noexcept {
    busy_ns += other.busy_ns;
    polls += other.polls;
    longest_poll_ns = std::max(longest_poll_ns, other.longest_poll_ns);
    return *this;
  }
};

// All of a worker's frames before `window` began are counted, and none of it. The newest are of
// `last_window`.
struct WorkerReport {
  std::uint64_t window = 0;
  std::uint64_t last_window = 0;
  Ledger ledger;
  WorkerEffort effort;
};

// Made by the thread that controls, run by its own, which should be known to DPDK (see pinned_thread.h).
// Reads `rules` as their reader number `reader`, once a burst.
class LiveWorker {
 public:
  LiveWorker(const Port& port, unsigned queue, Outlet& outlet, const ObserverSettings& settings,
             CurrentRules& rules, std::size_t reader, const std::atomic<bool>& stop,
             const FrameTaps& taps = {});
  ~LiveWorker();
  LiveWorker(const LiveWorker&) = delete;
  LiveWorker& operator=(const LiveWorker&) = delete;

  // Until `stop` is set and the queue is drained. Allocates nothing, waits for nobody, calls no system.
  void run() noexcept;

  // The controlling thread. The reports in their order; one that found no room because too many waited is
  // left out, and the next one covers it.
  std::optional<WorkerReport> next_report() noexcept;

  // After run() has returned: all of it.
  WorkerReport final_report() const;

 private:
  class Polling;
  std::unique_ptr<Polling> polling_;
};

// A full ring loses the event: a NIC is never made to wait.
class LoseWhenFull : public FullRing {
 public:
  bool make_room(EventRing&) override { return false; }
};

// A full ring stops the worker: a capture file waits, so nothing of it is lost.
class WaitWhenFull : public FullRing {
 public:
  bool make_room(EventRing& ring) override;
};

}  // namespace dataplane
