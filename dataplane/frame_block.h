// Frames on their way from the thread that reads a file to a worker, with the bytes they own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "wire/frame.h"

namespace dataplane {

// Frames up to `reached` have been dealt: to this worker those in here and in the blocks before, or to
// others.
struct FrameBlock {
  std::vector<wire::Frame> frames;
  std::vector<std::uint8_t> bytes;
  std::uint64_t reached = 0;
  bool last = false;

  void clear() noexcept {
    frames.clear();
    bytes.clear();
  }
  void append(const wire::Frame& frame);
  // Points the frames at `bytes`, which append() may have moved.
  void seal() noexcept;
};

// One thread puts blocks in, one takes them out; each waits for the other. The blocks go round, so what they
// have allocated is used again. A lock a block, not a frame.
class BlockQueue {
 public:
  explicit BlockQueue(std::size_t blocks);

  FrameBlock* take_empty();
  void put_full(FrameBlock* block);
  FrameBlock* take_full();  // null once abandoned
  void put_empty(FrameBlock* block);

  // No more blocks will come: who waits for one waits no longer.
  void abandon();

 private:
  FrameBlock* take(std::deque<FrameBlock*>& from);
  void put(std::deque<FrameBlock*>& to, FrameBlock* block);

  std::vector<FrameBlock> blocks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FrameBlock*> empty_;
  std::deque<FrameBlock*> full_;
  bool abandoned_ = false;
};

}  // namespace dataplane
