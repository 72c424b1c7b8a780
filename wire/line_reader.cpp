#include "wire/line_reader.h"

namespace wire {
namespace {

// Of the `>` that ends the mailbox at the front of `text`; npos if quotes and backslashes leave none.
std::size_t closing_angle(std::string_view text) noexcept {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == '>' && !quoted) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string_view LineReader::angle() noexcept {
  need("<");
  const std::size_t first = left_.find('>');
  if (first == std::string_view::npos) return cut(first, 0);
  const bool plain = find_either(left_.substr(0, first), '"', '\\') == std::string_view::npos;
  const std::size_t closing = plain ? first : closing_angle(left_);
  return cut(closing == std::string_view::npos ? first : closing, 1);
}

std::uint32_t LineReader::number() noexcept {
  std::uint32_t value = 0;
  std::size_t digits = 0;
  for (; digits < left_.size() && left_[digits] >= '0' && left_[digits] <= '9'; ++digits) {
    if (digits < 9) value = 10 * value + static_cast<std::uint32_t>(left_[digits] - '0');
  }
  if (digits == 0 || digits > 9) {
    fail();
    return 0;
  }
  left_.remove_prefix(digits);
  return value;
}

}  // namespace wire
