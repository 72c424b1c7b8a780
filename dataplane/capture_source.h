// Capture files as a worker's source.
#pragma once

#include <cstdint>
#include <limits>

#include "dataplane/capture_reader.h"

namespace dataplane {

// Knows where the stream stands; counts the packet times that go back. Borrows the reader.
class CaptureSource {
 public:
  explicit CaptureSource(CaptureReader& reader) : reader_(reader) {}

  std::span<const wire::Frame> receive() {
    const std::span<const wire::Frame> burst = reader_.receive();
    for (const wire::Frame& frame : burst) {
      time_went_back_ += frame.time_ns < latest_ns_;
      latest_ns_ = frame.time_ns;
    }
    finished_ = burst.empty();
    if (!finished_) reached_ = burst.back().order;
    return burst;
  }
  std::uint64_t reached() const noexcept { return reached_; }
  bool finished() const noexcept { return finished_; }

  // Frames older than the one before them.
  std::uint64_t time_went_back() const noexcept { return time_went_back_; }

 private:
  CaptureReader& reader_;
  std::int64_t latest_ns_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t time_went_back_ = 0;
  std::uint64_t reached_ = 0;
  bool finished_ = false;
};

}  // namespace dataplane
