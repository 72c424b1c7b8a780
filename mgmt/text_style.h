// How text may look where it is going, and the few ornaments that the report uses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mgmt {

inline constexpr std::size_t kTextColumns = 80;    // every line of the report fits
inline constexpr std::size_t kPathColumns = 4096;  // of a file name in a sentence: PATH_MAX, so all of it

struct TextStyle {
  bool utf8 = false;     // block characters and lines; else ASCII
  bool color = false;    // ANSI colour sequences
  std::size_t top = 10;  // rows of each ranking
};

std::string strong(std::string_view text, const TextStyle& style);
std::string faint(std::string_view text, const TextStyle& style);
std::string bar_color(std::string_view text, const TextStyle& style);
std::string curve_color(std::string_view text, const TextStyle& style);
std::string ok_color(std::string_view text, const TextStyle& style);
std::string warning_color(std::string_view text, const TextStyle& style);
std::string failure_color(std::string_view text, const TextStyle& style);

// A title and a line to the end of the row.
std::string heading(std::string_view title, const TextStyle& style);

// Terminal columns that `text` fills: its code points, without colour sequences.
std::size_t columns_of(std::string_view text) noexcept;

// What came from the wire or a file name, safe to print: whatever is not printable ASCII becomes '?', and
// what does not fit `columns` (at least 4) loses its middle to an ellipsis, since a name tells most at its
// ends.
std::string printable(std::string_view text, std::size_t columns, const TextStyle& style);

}  // namespace mgmt
