// The lines of a burst, one after the other in one buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace matchers {

// Each line ends in a line end. Memory is reserved once.
class LineBatch {
 public:
  static constexpr std::size_t kMaxLines = 64;
  static constexpr std::size_t kMaxOctets = 32'768;  // of text, so that it stays in the first-level cache

  LineBatch() : text_(kMaxOctets), ends_(kMaxLines) {}

  // Adds a line; its index is size() before. False if there is no room.
  bool add(std::string_view line) noexcept;

  void clear() noexcept { count_ = 0; }

  std::size_t size() const noexcept { return count_; }

  // Where line `index` starts and ends in text().
  std::size_t start(std::size_t index) const noexcept { return index == 0 ? 0 : ends_[index - 1] + 1; }
  std::size_t end(std::size_t index) const noexcept { return ends_[index]; }
  std::string_view text() const noexcept {
    return {text_.data(), count_ == 0 ? 0 : std::size_t{ends_[count_ - 1]}};
  }

 private:
  std::vector<char> text_;
  std::vector<std::uint32_t> ends_;
  std::size_t count_ = 0;
};

}  // namespace matchers
