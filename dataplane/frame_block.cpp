#include "dataplane/frame_block.h"

namespace dataplane {

void FrameBlock::append(const wire::Frame& frame) {
  frames.push_back(frame);
  bytes.insert(bytes.end(), frame.bytes, frame.bytes + frame.length);
}

void FrameBlock::seal() noexcept {
  const std::uint8_t* at = bytes.data();
  for (wire::Frame& frame : frames) {
    frame.bytes = at;
    at += frame.length;
  }
}

BlockQueue::BlockQueue(std::size_t blocks) : blocks_(blocks) {
  for (FrameBlock& block : blocks_) empty_.push_back(&block);
}

FrameBlock* BlockQueue::take_empty() {
  FrameBlock* block = take(empty_);
  if (block != nullptr) block->clear();
  return block;
}

FrameBlock* BlockQueue::take_full() {
  return take(full_);
}
void BlockQueue::put_full(FrameBlock* block) {
  put(full_, block);
}
void BlockQueue::put_empty(FrameBlock* block) {
  put(empty_, block);
}

FrameBlock* BlockQueue::take(std::deque<FrameBlock*>& from) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !from.empty() || abandoned_; });
  if (abandoned_) return nullptr;
  FrameBlock* block = from.front();
  from.pop_front();
  return block;
}

void BlockQueue::abandon() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
}

void BlockQueue::put(std::deque<FrameBlock*>& to, FrameBlock* block) {
  {
    const std::lock_guard lock(mutex_);
    to.push_back(block);
  }
  changed_.notify_all();
}

}  // namespace dataplane
