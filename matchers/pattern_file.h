// The operator's patterns: a text file, one pattern a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "matchers/pattern_error.h"

namespace matchers {

inline constexpr std::size_t kMaxPatterns = 1 << 16;
inline constexpr std::size_t kMaxPatternLineOctets = 4096;
inline constexpr std::size_t kMaxPatternFileOctets = 32 << 20;
inline constexpr std::size_t kMaxPatternLabelOctets = 64;
inline constexpr std::uint32_t kMaxPatternId = 0x7FFFFFFF;

struct Pattern {
  std::uint32_t id = 0;  // 1 to kMaxPatternId, each once in a file
  std::string label;
  std::string flags;       // letters, "" for none
  std::string expression;  // in Hyperscan's syntax
  std::size_t line = 0;
};

// A line is `id label flags expression`, divided by blanks or tabs; the expression reaches to the end of the
// line, without blanks at its end. Flags are `-` for none, or letters:
//   i  letters match in either case; names are lower-cased, so only patterns need it
//   s  . matches line ends too    m  ^ and $ match at line ends too (names have none: both change nothing)
//   u  the pattern is UTF-8       w  \w, \d and \s go by Unicode (names are ASCII: both change nothing)
// Empty lines, and lines that begin with #, mean nothing.
struct PatternFile {
  std::string name;
  std::vector<Pattern> patterns;         // in the order of the file
  std::vector<PatternMistake> mistakes;  // of lines that are no pattern
};

// `name` names the text in sentences.
PatternFile parse_patterns(std::string_view text, const std::string& name);

// Throws PatternError if the file cannot be read at all; what is wrong with its lines is in the mistakes.
PatternFile read_patterns(const std::string& file);

}  // namespace matchers
