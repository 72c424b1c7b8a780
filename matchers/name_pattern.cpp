#include "matchers/name_pattern.h"

#include <algorithm>
#include <array>

namespace matchers {
namespace {

bool is_letter(char character) {
  return ('a' <= character && character <= 'z') || ('A' <= character && character <= 'Z');
}

bool is_punctuation(char character) {
  const bool digit = '0' <= character && character <= '9';
  return ' ' < character && character <= '~' && !digit && !is_letter(character);
}

void refuse_escape(char escaped) {
  switch (escaped) {
    case 'A':
      throw UnusablePattern("has \\A in it; write ^ for the begin of a name");
    case 'z':
    case 'Z':
      throw UnusablePattern(std::string("has \\") + escaped + " in it; write $ for the end of a name");
    case 'Q':
      throw UnusablePattern("has \\Q in it; write a backslash before each character instead");
    case 'c':
      throw UnusablePattern("has \\c in it, a control character, which no name has");
    default:
      return;
  }
}

// Looks at every backslash and group, wherever it is: too strict in a comment, never too lax.
void refuse_what_tells_names_apart(std::string_view expression) {
  if (expression.starts_with("(*")) throw UnusablePattern("begins with a verb (*...); write flags instead");
  for (std::size_t at = 0; at + 1 < expression.size(); ++at) {
    if (expression[at] == '\\') {
      refuse_escape(expression[++at]);
    } else if (expression.substr(at).starts_with("(?")) {
      std::size_t end = at + 2;
      while (end < expression.size() && is_letter(expression[end])) ++end;
      if (end < expression.size() && expression[end] == '-') {
        throw UnusablePattern("switches flags off in a group");
      }
    }
  }
}

// Reads an expression from left to right and writes it again, each part of it such that it cannot match a
// line end. Gives up where it does not know a part.
class Rewriting {
 public:
  explicit Rewriting(std::string_view expression) : rest_(expression) {}

  bool succeeds() {
    while (!rest_.empty()) {
      if (!part()) return false;
    }
    return true;
  }

  std::string written() && { return std::move(written_); }

 private:
  bool part() {
    switch (rest_[0]) {
      case '\\':
        return escape();
      case '[':
        return character_class();
      case '(':
        return group();
      default:
        keep(1);
        return true;
    }
  }

  bool escape() {
    if (rest_.size() < 2) return false;
    switch (rest_[1]) {
      case 'W':
      case 'D':
        written_ += rest_[1] == 'W' ? "[^\\n\\w]" : "[^\\n\\d]";
        rest_.remove_prefix(2);
        return true;
      case 'b':
      case 'B':
      case 'S':
        keep(2);
        return true;
      default:
        return plain_escape();
    }
  }

  // Also in a class.
  bool plain_escape() {
    if (rest_.size() < 2) return false;
    if (rest_[1] != 'd' && rest_[1] != 'w' && !is_punctuation(rest_[1])) return false;
    keep(2);
    return true;
  }

  bool group() {
    constexpr std::array<std::string_view, 3> kKnown = {"(?:", "(?i)", "(?i:"};
    const bool known = std::ranges::any_of(kKnown, [&](auto start) { return rest_.starts_with(start); });
    if (rest_.starts_with("(?") && !known) return false;
    keep(rest_.starts_with("(?") ? 2 : 1);
    return true;
  }

  bool character_class() {
    const bool negated = rest_.starts_with("[^");
    keep(negated ? 2 : 1);
    if (negated) written_ += "\\n";
    if (!rest_.empty() && (rest_[0] == ']' || rest_[0] == '-')) {  // A member, as the first one.
      written_ += '\\';
      keep(1);
    }
    while (!rest_.empty() && rest_[0] != ']') {
      if (rest_[0] == '[') return false;
      if (rest_[0] != '\\') {
        keep(1);
      } else if (!plain_escape()) {
        return false;
      }
    }
    if (rest_.empty()) return false;
    keep(1);
    return true;
  }

  void keep(std::size_t characters) {
    written_ += rest_.substr(0, characters);
    rest_.remove_prefix(characters);
  }

  std::string_view rest_;
  std::string written_;
};

}  // namespace

NamePattern name_pattern(std::string_view expression) {
  refuse_what_tells_names_apart(expression);
  Rewriting rewriting(expression);
  if (!rewriting.succeeds()) return {.expression = std::string(expression), .may_cross = true};
  return {.expression = std::move(rewriting).written(), .may_cross = false};
}

}  // namespace matchers
