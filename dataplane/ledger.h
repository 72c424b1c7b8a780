// Where every frame and every event went. Each worker keeps its own; adding them gives the whole.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>

#include "dataplane/event.h"
#include "wire/dns_message.h"
#include "wire/frame.h"
#include "wire/verdict.h"

namespace dataplane {

struct Ledger {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;                                           // as on the wire
  std::uint64_t captured_bytes = 0;                                  // of these, in the capture
  std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();  // earliest and latest packet time
  std::int64_t last_ns = std::numeric_limits<std::int64_t>::min();
  std::uint64_t time_went_back = 0;  // frames older than the one before
  std::uint64_t late = 0;            // live: frames older than what their worker had announced already
  std::uint64_t bad_checksum = 0;    // live: frames whose checksum the NIC found wrong; observed all the same
  std::array<std::uint64_t, wire::kVerdicts> verdicts{};
  std::array<std::uint64_t, kEventKinds> events{};  // made, by kind
  std::uint64_t ring_full = 0;                      // of these, lost because a ring was full
  std::array<std::uint64_t, static_cast<std::size_t>(wire::DnsFault::kCount)> dns_faults{};
  // What was given up to stay within the memory set at start.
  std::uint64_t fragments_evicted = 0;     // datagrams never completed
  std::uint64_t dns_streams_evicted = 0;   // directions of TCP connections on port 53
  std::uint64_t dns_bytes_lost = 0;        // octets of such streams that could not be kept
  std::uint64_t duplicates_forgotten = 0;  // packets whose copy could still have come

  std::uint64_t& operator[](wire::Verdict verdict) noexcept {
    return verdicts[static_cast<std::size_t>(verdict)];
  }
  std::uint64_t operator[](wire::Verdict verdict) const noexcept {
    return verdicts[static_cast<std::size_t>(verdict)];
  }
  std::uint64_t& operator[](EventKind kind) noexcept { return events[static_cast<std::size_t>(kind)]; }
  std::uint64_t operator[](EventKind kind) const noexcept { return events[static_cast<std::size_t>(kind)]; }

  // Sums stay in registers for the length of a burst.
  void count_received(std::span<const wire::Frame> burst) noexcept {
    std::uint64_t on_wire = 0;
    std::uint64_t captured = 0;
    std::int64_t earliest_ns = first_ns;
    std::int64_t latest_ns = last_ns;
    for (const wire::Frame& frame : burst) {
      on_wire += frame.wire_length;
      captured += frame.length;
      earliest_ns = std::min(earliest_ns, frame.time_ns);
      latest_ns = std::max(latest_ns, frame.time_ns);
    }
    frames += burst.size();
    bytes += on_wire;
    captured_bytes += captured;
    first_ns = earliest_ns;
    last_ns = latest_ns;
  }

  std::uint64_t events_made() const noexcept {
    return std::accumulate(events.begin(), events.end(), std::uint64_t{0});
  }
  std::uint64_t events_pushed() const noexcept { return events_made() - ring_full; }

  std::uint64_t sum_of_verdicts() const noexcept {
    return std::accumulate(verdicts.begin(), verdicts.end(), std::uint64_t{0});
  }

  Ledger& operator+=(const Ledger& other) noexcept;
};

}  // namespace dataplane
