#include "matchers/line_batch.h"

#include <cstring>

namespace matchers {

bool LineBatch::add(std::string_view line) noexcept {
  const std::size_t at = count_ == 0 ? 0 : ends_[count_ - 1] + 1;
  if (count_ == kMaxLines || kMaxOctets - at < line.size() + 1) return false;
  if (!line.empty()) std::memcpy(text_.data() + at, line.data(), line.size());
  text_[at + line.size()] = '\n';
  ends_[count_++] = static_cast<std::uint32_t>(at + line.size());
  return true;
}

}  // namespace matchers
