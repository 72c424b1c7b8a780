#include "dataplane/byte_window.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace dataplane {
namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kBufferBytes = kMaxContiguousBytes + kWindowBlockBytes;
static_assert(kMaxContiguousBytes % kPageBytes == 0, "reads go to whole pages");
static_assert(kBufferBytes % kPageBytes == 0, "as aligned_alloc wants it");

}  // namespace

ByteWindow::ByteWindow(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)),
      buffer_(static_cast<std::uint8_t*>(std::aligned_alloc(kPageBytes, kBufferBytes))) {
  if (buffer_ == nullptr) throw std::bad_alloc();
  end_ = buffer_.get() + kMaxContiguousBytes;
  begin_ = end_;
}

// The rest is the front of a record that straddles two blocks. It goes right before the next block, so that
// every read lands on the same whole pages.
void ByteWindow::move_rest_before_block() noexcept {
  std::uint8_t* const block = buffer_.get() + kMaxContiguousBytes;
  const std::size_t rest = size();
  assert(rest <= kMaxContiguousBytes);
  std::memmove(block - rest, begin_, rest);
  begin_ = block - rest;
  end_ = block;
}

bool ByteWindow::read_more() {
  std::uint8_t* const buffer_end = buffer_.get() + kBufferBytes;
  const std::size_t count = source_->read({end_, static_cast<std::size_t>(buffer_end - end_)});
  end_ += count;
  end_offset_ += count;
  return count > 0;
}

bool ByteWindow::fill(std::size_t wanted) {
  assert(wanted <= kMaxContiguousBytes);
  if (size() >= wanted) return true;
  move_rest_before_block();
  while (size() < wanted) {
    if (end_ == buffer_.get() + kBufferBytes) move_rest_before_block();
    if (!read_more()) return false;
  }
  return true;
}

bool ByteWindow::skip(std::uint64_t bytes) {
  while (bytes > size()) {
    bytes -= size();
    begin_ = end_;
    if (!fill(1)) return false;
  }
  begin_ += bytes;
  return true;
}

}  // namespace dataplane
