// Generated frames in memory, as a port would have left them there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dataplane/traffic/trace.h"
#include "wire/frame.h"

namespace bench {

using dataplane::traffic::FrameKind;
using dataplane::traffic::kFrameKinds;
using dataplane::traffic::Mix;

// About a hundred thousand frames of 128 octets are some 12 MB: more than the second-level cache holds and
// less than the third, where a network card's DMA leaves what it has just received. A benchmark goes round
// and round in them, so that each frame comes from there.
inline constexpr std::size_t kArenaFrames = 100'000;

class FrameArena {
 public:
  explicit FrameArena(Mix mix, std::size_t frames = kArenaFrames);
  FrameArena(const FrameArena&) = delete;
  FrameArena& operator=(const FrameArena&) = delete;

  // In capture order; they live as long as the arena.
  std::span<const wire::Frame> frames() const noexcept { return frames_; }
  FrameKind kind(std::size_t index) const noexcept { return kinds_[index]; }

 private:
  std::vector<std::uint8_t> octets_;
  std::vector<wire::Frame> frames_;
  std::vector<FrameKind> kinds_;
};

}  // namespace bench
