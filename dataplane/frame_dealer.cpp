#include "dataplane/frame_dealer.h"

#include <algorithm>

namespace dataplane {

std::span<const wire::Frame> DealtFrames::receive() {
  if (block_ == nullptr) {
    block_ = queue_.take_full();
    next_ = 0;
    if (block_ == nullptr) {
      finished_ = true;
      return {};
    }
  }
  if (next_ < block_->frames.size()) {
    const std::size_t count = std::min(kBurstFrames, block_->frames.size() - next_);
    const std::span<const wire::Frame> burst(&block_->frames[next_], count);
    next_ += count;
    reached_ = burst.back().order;
    return burst;
  }
  reached_ = block_->reached;
  finished_ = block_->last;
  queue_.put_empty(block_);
  block_ = nullptr;
  return {};
}

void FrameDealer::begin_round() {
  round_.clear();
  dealt_frames_ = 0;
  dealt_bytes_ = 0;
  for (const auto& share : shares_) round_.push_back(share->queue().take_empty());
}

void FrameDealer::end_round(std::uint64_t reached, bool last) {
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    round_[i]->seal();
    round_[i]->reached = reached;
    round_[i]->last = last;
    shares_[i]->queue().put_full(round_[i]);
  }
  turn_ = (turn_ + 1) % shares_.size();
}

}  // namespace dataplane
