// Text of unknown origin in a sentence.
#pragma once

#include <string>
#include <string_view>

namespace matchers {

// In single quotes, what is not printable ASCII as '?', the middle of a long one left out.
inline std::string quoted(std::string_view text) {
  constexpr std::size_t kEnds = 28;
  std::string shown(text.size() <= 2 * kEnds + 3 ? text : text.substr(0, kEnds));
  if (shown.size() != text.size()) shown.append("...").append(text.substr(text.size() - kEnds));
  for (char& character : shown) {
    if (character < ' ' || character > '~') character = '?';
  }
  return "'" + shown + "'";
}

}  // namespace matchers
