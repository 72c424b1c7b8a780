// A pattern for one name, made fit for a buffer of names that are lines.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace matchers {

struct NamePattern {
  // Matches in a name what the given one matches there.
  std::string expression;
  // It might match line ends, and so reach over two names: what it matches has to be confirmed.
  bool may_cross = false;
};

// A sentence that begins with a verb.
class UnusablePattern : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// No name has a line end in it. So [^.] and [^\n.] match the same in names, and the second keeps to one; \W
// and \D likewise. What is written in a less usual way is left as it is, and may cross. Throws
// UnusablePattern for what would tell the first name of a buffer from the others: \A, \z, \Z and flags
// switched off.
NamePattern name_pattern(std::string_view expression);

}  // namespace matchers
