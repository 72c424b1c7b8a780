// Capture files as a worker's source.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "dataplane/capture_reader.h"
#include "dataplane/packet_windows.h"

namespace dataplane {

// Gives each frame its order, as a port does: its packet time in nanoseconds, or one more than the frame
// before, so that packet_window_of() is the latest second seen so far. A frame alone that is more than a day
// ahead of those around it has a wrong clock: it stays where it stands, and so does what follows. Counts the
// packet times that go back. Borrows the reader.
class CaptureSource {
 public:
  explicit CaptureSource(CaptureReader& reader) : reader_(reader) {}

  std::span<const wire::Frame> receive() {
    const std::span<wire::Frame> burst = reader_.receive();
    for (std::size_t i = 0; i < burst.size(); ++i) {
      time_went_back_ += burst[i].time_ns < latest_ns_;
      latest_ns_ = burst[i].time_ns;
      const std::uint64_t order = order_of(burst[i].time_ns);
      const bool stays = reached_ > 0 && order > reached_ + kDayNs && is_alone(burst.subspan(i));
      burst[i].order = reached_ = stays ? reached_ + 1 : std::max(reached_ + 1, order);
    }
    frames_ += burst.size();
    finished_ = burst.empty();
    return burst;
  }
  std::uint64_t reached() const noexcept { return reached_; }
  bool finished() const noexcept { return finished_; }

  // Handed out so far.
  std::uint64_t frames() const noexcept { return frames_; }

  // Frames older than the one before them.
  std::uint64_t time_went_back() const noexcept { return time_went_back_; }

 private:
  static constexpr std::uint64_t kDayNs = 86'400 * kPacketWindowNs;

  // The first frame of these is not known to be followed by one of its day.
  static bool is_alone(std::span<const wire::Frame> frames) noexcept {
    return frames.size() < 2 || order_of(frames[1].time_ns) + kDayNs < order_of(frames[0].time_ns);
  }
  static std::uint64_t order_of(std::int64_t time_ns) noexcept {
    constexpr std::int64_t kLastNs = kLastPacketWindow * kPacketWindowNs;
    return static_cast<std::uint64_t>(std::clamp<std::int64_t>(time_ns, 0, kLastNs));
  }

  CaptureReader& reader_;
  std::int64_t latest_ns_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t time_went_back_ = 0;
  std::uint64_t reached_ = 0;
  std::uint64_t frames_ = 0;
  bool finished_ = false;
};

}  // namespace dataplane
