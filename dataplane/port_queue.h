// An RX queue of a port as a worker's source.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include <rte_mbuf.h>

#include "dataplane/burst.h"
#include "dataplane/ledger.h"
#include "dataplane/packet_time.h"
#include "dataplane/packet_windows.h"
#include "dataplane/port.h"
#include "wire/frame.h"

namespace dataplane {

// One thread. The order of a frame is its packet time in nanoseconds, or one more than that of the frame
// before if that is not less. A burst never reaches across a window's end.
class PortQueue {
 public:
  static constexpr bool kScattered = true;  // as dataplane/sieve.h means it

  // Told on the worker's thread, before the first frame of a window is handed out, that all frames of earlier
  // windows have been. window() is still the one before.
  class OnWindow {
   public:
    virtual ~OnWindow() = default;
    virtual void window_begins(std::uint64_t window) noexcept = 0;
  };

  // Once `stop` is set, what the queue still holds is read and then it is finished; a capture file ends by
  // itself.
  PortQueue(const Port& port, unsigned queue, const std::atomic<bool>& stop, OnWindow& on_window);
  ~PortQueue();
  PortQueue(const PortQueue&) = delete;
  PortQueue& operator=(const PortQueue&) = delete;

  std::span<const wire::Frame> receive() noexcept;
  std::uint64_t reached() const noexcept { return reached_; }
  bool finished() const noexcept { return draining_done_ && frames_handed_out_ == frames_held_; }

  // That of the newest frame or announcement.
  std::uint64_t window() const noexcept { return window_; }

  // Adds what the source knows of its frames to a ledger of them.
  void count_into(Ledger& ledger) const noexcept;

 private:
  using Joined = std::array<std::uint8_t, 1 << 16>;  // the longest datagram with its link layer, nearly

  void release() noexcept;
  void take(std::uint16_t count) noexcept;
  void prefetch_frame(std::size_t at) const noexcept;
  void set_time(wire::Frame& frame, std::int64_t time_ns) noexcept;
  std::uint64_t next_order(std::int64_t time_ns) noexcept;
  void join_parts() noexcept;
  void count_bad_checksums() noexcept;
  const std::uint8_t* whole_bytes(const rte_mbuf& buffer, std::size_t at, std::uint32_t& length) noexcept;
  std::span<const wire::Frame> next_of_burst() noexcept;
  std::span<const wire::Frame> nothing() noexcept;
  void advance_to(std::uint64_t order) noexcept;

  const std::uint16_t port_;
  const std::uint16_t queue_;
  const PacketTime& time_;
  const std::atomic<bool>& stop_;
  OnWindow& on_window_;

  std::array<rte_mbuf*, kBurstFrames> buffers_{};
  std::array<wire::Frame, kBurstFrames> frames_{};
  std::size_t frames_held_ = 0;
  std::size_t frames_handed_out_ = 0;
  bool all_plain_ = true;                                     // of the burst held
  std::unique_ptr<std::array<Joined, kBurstFrames>> joined_;  // frames of the burst that came in parts

  std::uint64_t last_order_ = 0;
  std::uint64_t reached_ = 0;      // announced, or about to be
  std::int64_t announced_ns_ = 0;  // the packet time that goes with it
  std::uint64_t window_ = 0;
  std::int64_t last_frames_ns_;  // by our clock
  std::uint64_t frames_to_drain_;
  std::int64_t last_time_ns_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t time_went_back_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t bad_checksum_ = 0;
  bool draining_done_ = false;
};

}  // namespace dataplane
