// A place in a log line while it is taken apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wire {

// Where the first of two characters stands; npos without. Text is short: find_first_of() takes five times as
// long.
inline std::size_t find_either(std::string_view text, char a, char b) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == a || text[at] == b) return at;
  }
  return std::string_view::npos;
}

// Reads straight down; the first thing that is not there sticks, and everything after it is empty.
class LineReader {
 public:
  explicit LineReader(std::string_view text) noexcept : left_(text) {}

  std::string_view left() const noexcept { return left_; }
  bool failed() const noexcept { return failed_; }

  // True, and behind it, if `words` come next.
  bool take(std::string_view words) noexcept {
    if (!left_.starts_with(words)) return false;
    left_.remove_prefix(words.size());
    return true;
  }

  void need(std::string_view words) noexcept {
    if (!take(words)) fail();
  }

  // What stands before `end`; goes behind that.
  std::string_view until(char end) noexcept { return cut(left_.find(end), 1); }
  std::string_view until(std::string_view end) noexcept { return cut(left_.find(end), end.size()); }

  // A word: up to a space, which is taken, or the end of the line.
  std::string_view word() noexcept {
    const std::size_t space = left_.find(' ');
    return space == std::string_view::npos ? cut(left_.size(), 0) : cut(space, 1);
  }

  // What stands in `<...>`. A `>` in a quoted string or behind a backslash does not end it (RFC 5321 section
  // 4.1.2), unless nothing else would.
  std::string_view angle() noexcept;

  // Decimal digits, at least one; more than 9 fail.
  std::uint32_t number() noexcept;

 private:
  void fail() noexcept {
    failed_ = true;
    left_ = {};
  }

  std::string_view cut(std::size_t octets, std::size_t behind) noexcept {
    if (octets == std::string_view::npos) {
      fail();
      return {};
    }
    const std::string_view text = left_.substr(0, octets);
    left_.remove_prefix(octets + behind);
    return text;
  }

  std::string_view left_;
  bool failed_ = false;
};

}  // namespace wire
