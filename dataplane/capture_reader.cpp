#include "dataplane/capture_reader.h"

#include <algorithm>
#include <utility>

namespace dataplane {
namespace {

// The heap's front is what goes after nothing.
bool goes_after(const CaptureInput* a, const CaptureInput* b) noexcept {
  return b->precedes(*a);
}

}  // namespace

CaptureReader::CaptureReader(std::vector<std::string> paths) {
  open_all(std::move(paths));
}

void CaptureReader::open_all(std::vector<std::string>&& paths) {
  bool total_known = true;
  inputs_.reserve(paths.size());
  queue_.reserve(paths.size());
  for (std::string& path : paths) {
    CaptureInput& input = inputs_.emplace_back(std::move(path), inputs_.size(), consumed_);
    input.open();
    total_ += input.stored_bytes().value_or(0);
    total_known = total_known && input.stored_bytes().has_value();
    read_on(input);
    // Hundreds of rotated files are read one after the other, and should not all be open until then.
    if (paths.size() > 1 && !input.parked()) input.park();
  }
  if (!total_known) total_ = 0;
}

void CaptureReader::push(CaptureInput& input) {
  queue_.push_back(&input);
  std::push_heap(queue_.begin(), queue_.end(), goes_after);
}

CaptureInput& CaptureReader::pop() {
  std::pop_heap(queue_.begin(), queue_.end(), goes_after);
  CaptureInput& input = *queue_.back();
  queue_.pop_back();
  return input;
}

void CaptureReader::read_on(CaptureInput& input) {
  if (input.read_on(next_order_)) return push(input);
  if (const auto& fault = input.fault()) errors_.push_back({input.path(), fault->offset, fault->reason});
  input.close();
}

std::span<wire::Frame> CaptureReader::receive() {
  if (used_up_ != nullptr) read_on(*std::exchange(used_up_, nullptr));
  while (!queue_.empty() && queue_.front()->parked()) read_on(pop());
  if (queue_.empty()) return {};
  const auto burst = queue_.size() == 1 ? receive_alone() : receive_merged();
  next_order_ += burst.size();
  return burst;
}

// One file, or the last one left: its frames go out where they are.
std::span<wire::Frame> CaptureReader::receive_alone() {
  used_up_ = &pop();
  const auto burst = used_up_->take(used_up_->frames().size());
  if (burst.front().order != next_order_) {
    std::uint64_t order = next_order_;
    for (wire::Frame& frame : burst) frame.order = order++;
  }
  return burst;
}

// Ends at the first file whose frames are used up, since reading on there takes back what it gave.
std::span<wire::Frame> CaptureReader::receive_merged() {
  std::size_t count = 0;
  while (count < merged_.size() && used_up_ == nullptr && !queue_.empty() && !queue_.front()->parked()) {
    CaptureInput& input = pop();
    count += take_run(input, std::span(merged_).subspan(count));
    if (input.frames().empty())
      used_up_ = &input;
    else
      push(input);
  }
  for (std::size_t i = 0; i < count; ++i) merged_[i].order = next_order_ + i;
  return std::span(merged_).first(count);
}

// The frames of `input` that go before those of all others; at least one.
std::size_t CaptureReader::take_run(CaptureInput& input, std::span<wire::Frame> into) {
  std::size_t count = 0;
  do {
    into[count++] = input.take(1).front();
  } while (count < into.size() && !input.frames().empty() &&
           (queue_.empty() || input.precedes(*queue_.front())));
  return count;
}

}  // namespace dataplane
