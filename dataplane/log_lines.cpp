#include "dataplane/log_lines.h"

#include <cstring>

#include "dataplane/log_facts.h"

namespace dataplane {

LogLines::LogLines(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)), buffer_(kBufferBytes) {}

std::span<const std::string_view> LogLines::receive() {
  for (;;) {
    std::size_t count = 0;
    while (count < lines_.size() && take_line(lines_[count])) ++count;
    if (count > 0) return std::span(lines_).first(count);
    if (!fill()) return {};
  }
}

// Moves what is left to the front and reads on behind it. False: there is no more, and nothing is left.
bool LogLines::fill() {
  if (ended_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const std::span room(reinterpret_cast<std::uint8_t*>(buffer_.data()) + end_, buffer_.size() - end_);
  const std::size_t read = bytes_->read(room);
  bytes_read_ += read;
  end_ += read;
  ended_ = read == 0;
  return read > 0 || begin_ < end_;
}

// A whole line, or the front of one that is too long, or what stands at the end of the stream.
bool LogLines::take_line(std::string_view& line) {
  while (begin_ < end_) {
    const char* const at = buffer_.data() + begin_;
    const auto* const line_end = static_cast<const char*>(std::memchr(at, '\n', end_ - begin_));
    std::size_t length = line_end != nullptr ? static_cast<std::size_t>(line_end - at) : end_ - begin_;
    const bool whole = line_end != nullptr || ended_;
    if (!whole && length <= kMaxLineOctets && !skipping_) return false;
    begin_ += length + (line_end != nullptr ? 1 : 0);
    const bool rest = skipping_;
    skipping_ = !whole;
    if (rest) continue;
    if (length > kMaxLineOctets) length = kMaxLineOctets + 1;
    if (length > 0 && at[length - 1] == '\r') --length;
    line = {at, length};
    return true;
  }
  return false;
}

}  // namespace dataplane
