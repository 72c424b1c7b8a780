// What a worker does with a frame besides observing it: the frames of interest are copied for whoever keeps
// them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "dataplane/frame_ring.h"
#include "wire/frame.h"
#include "wire/packet.h"
#include "wire/verdict.h"

namespace dataplane {

enum class FrameInterest : std::uint8_t {
  kDnsAndSyn,
  kDns
};

struct FrameTapSettings {
  FrameInterest interest = FrameInterest::kDnsAndSyn;
  std::size_t ring_bytes = std::size_t{8} << 20;  // of each worker; a power of two
  std::uint32_t snap_length = 2048;               // octets of a frame that are kept
  bool on = false;                                // from the first frame on
};

// DNS, sound or not, and what may be a part of a DNS message: TCP on port 53, fragments of a datagram.
constexpr bool is_dns(wire::Verdict verdict) noexcept {
  using wire::Verdict;
  switch (verdict) {
    case Verdict::kDns:
    case Verdict::kDnsMalformed:
    case Verdict::kDnsCut:
    case Verdict::kDnsShort:
    case Verdict::kDnsSegment:
    case Verdict::kFragment:
    case Verdict::kFragmentOverlap:
    case Verdict::kFragmentBad:
      return true;
    default:
      return false;
  }
}

constexpr bool is_syn(wire::Verdict verdict) noexcept {
  return verdict == wire::Verdict::kSyn || verdict == wire::Verdict::kSynAck;
}

constexpr bool is_dns_or_syn(wire::Verdict verdict) noexcept {
  return is_syn(verdict) || is_dns(verdict);
}

// Of a SYN: it begins a stream of DNS messages.
inline bool is_of_port_53(const wire::Frame& frame) noexcept {
  wire::Packet packet;
  wire::decode(frame, packet);
  return packet.source_port == wire::kDnsPort || packet.destination_port == wire::kDnsPort;
}

// One for each worker, which offers; one thread drains. Frames that find no room are counted and gone: the
// worker does not wait.
class FrameTap {
 public:
  // Throws std::invalid_argument if two frames of the snap length could find the ring too small.
  explicit FrameTap(const FrameTapSettings& settings)
      : ring_(settings.ring_bytes),
        interest_(settings.interest),
        snap_length_(settings.snap_length),
        on_(settings.on) {
    if (settings.ring_bytes / 2 < FrameRing::record_bytes(settings.snap_length))
      throw std::invalid_argument("a ring of frames holds two of the snap length");
  }

  // Any thread; a worker follows with its next burst.
  void turn(bool on) noexcept { on_.store(on, std::memory_order_relaxed); }
  bool on() const noexcept { return on_.load(std::memory_order_relaxed); }

  // Worker.
  void offer(const wire::Frame& frame, wire::Verdict verdict) noexcept {
    if (!wants(frame, verdict)) return;
    ++offered_here_;
    if (!ring_.push(frame, snap_length_)) [[unlikely]]
      ++dropped_here_;
  }
  // Worker, at the end of a burst.
  void publish() noexcept {
    ring_.publish();
    dropped_.store(dropped_here_, std::memory_order_relaxed);
    offered_.store(offered_here_, std::memory_order_relaxed);
  }

  // The draining thread; as FrameRing has it.
  template <class Sink>
  std::size_t drain(std::size_t most, Sink&& sink) {
    return ring_.drain(most, sink);
  }

  // Any thread: frames of interest so far, and those of them that found no room.
  std::uint64_t offered() const noexcept { return offered_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  bool wants(const wire::Frame& frame, wire::Verdict verdict) const noexcept {
    if (interest_ == FrameInterest::kDnsAndSyn) return is_dns_or_syn(verdict);
    return is_dns(verdict) || (is_syn(verdict) && is_of_port_53(frame));
  }

  FrameRing ring_;
  const FrameInterest interest_;
  const std::uint32_t snap_length_;
  std::uint64_t offered_here_ = 0;  // worker's
  std::uint64_t dropped_here_ = 0;
  std::atomic<std::uint64_t> offered_{0};
  std::atomic<std::uint64_t> dropped_{0};
  alignas(kCacheLine) std::atomic<bool> on_;
};

// Those of one worker, borrowed; null: there is none.
struct FrameTaps {
  FrameTap* spool = nullptr;
  FrameTap* dns = nullptr;
};

}  // namespace dataplane
