// Deals the frames of one source to several workers, as RSS does for a NIC's queues.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dataplane/burst.h"
#include "dataplane/frame_block.h"
#include "dataplane/steering.h"

namespace dataplane {

// A worker's share of a file: a Source.
class DealtFrames {
 public:
  std::span<const wire::Frame> receive();
  std::uint64_t reached() const noexcept { return reached_; }
  bool finished() const noexcept { return finished_; }

  BlockQueue& queue() noexcept { return queue_; }

 private:
  static constexpr std::size_t kBlocks = 4;

  BlockQueue queue_{kBlocks};
  FrameBlock* block_ = nullptr;
  std::size_t next_ = 0;
  std::uint64_t reached_ = 0;
  bool finished_ = false;
};

// Frames that stand alone are dealt in turns, all others go to the first worker. In every round each worker
// gets a block, be it empty, that says how far the file has been dealt: so no worker holds the others' events
// back.
class FrameDealer {
 public:
  // A round ends after so many frames, or a mebibyte. With `in_order`, all frames go to the first worker: for
  // what must see the whole stream, such as deduplication.
  FrameDealer(std::span<const std::unique_ptr<DealtFrames>> shares, std::size_t round_frames, bool in_order)
      : shares_(shares), round_frames_(round_frames), in_order_(in_order) {}

  // Deals all of `source`; one thread, which waits for workers that are behind. `after_round` is called now
  // and then.
  template <class S, class AfterRound>
  void deal(S& source, AfterRound&& after_round);

 private:
  static constexpr std::size_t kRoundBytes = 1 << 20;

  void begin_round();
  void end_round(std::uint64_t reached, bool last);

  std::span<const std::unique_ptr<DealtFrames>> shares_;
  std::size_t round_frames_;
  bool in_order_;
  std::size_t turn_ = 0;
  std::size_t dealt_frames_ = 0;  // in this round
  std::size_t dealt_bytes_ = 0;
  std::vector<FrameBlock*> round_;
};

template <class S, class AfterRound>
void FrameDealer::deal(S& source, AfterRound&& after_round) {
  begin_round();
  while (!source.finished()) {
    for (const wire::Frame& frame : source.receive()) {
      const std::size_t to = !in_order_ && stands_alone(frame) ? turn_ : 0;
      round_[to]->append(frame);
      ++dealt_frames_;
      dealt_bytes_ += frame.length;
    }
    if (dealt_frames_ < round_frames_ && dealt_bytes_ < kRoundBytes) continue;
    end_round(source.reached(), false);
    after_round();
    begin_round();
  }
  end_round(source.reached(), true);
}

}  // namespace dataplane
