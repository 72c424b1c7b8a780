#include "dataplane/capture_input.h"

namespace dataplane {

void CaptureInput::open() {
  auto stored = std::make_unique<FileSource>(path_, *consumed_);
  stored_ = stored.get();
  file_ = std::make_unique<CaptureFile>(std::move(stored));
}

bool CaptureInput::read_on(std::uint64_t order) {
  if (file_ == nullptr) open();
  frames_ = file_->receive(order);
  if (!frames_.empty()) next_ns_ = frames_.front().time_ns;
  return !frames_.empty();
}

std::span<wire::Frame> CaptureInput::take(std::size_t count) noexcept {
  const auto taken = frames_.first(count);
  frames_ = frames_.subspan(count);
  if (!frames_.empty()) next_ns_ = frames_.front().time_ns;
  return taken;
}

void CaptureInput::park() {
  if (!stored_->can_be_read_again()) return;
  consumed_->fetch_sub(stored_->position(), std::memory_order_relaxed);
  close();
}

void CaptureInput::close() {
  frames_ = {};
  stored_ = nullptr;
  file_.reset();
}

}  // namespace dataplane
