// What is wrong with a pattern file.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace matchers {

struct PatternMistake {
  std::size_t line = 0;  // from 1; 0: the file as a whole
  std::string reason;
};

inline constexpr std::size_t kMaxMistakes = 1000;  // that are told apart

// All mistakes at once, one sentence a line in the order of the file: "file:line: reason".
class PatternError : public std::runtime_error {
 public:
  PatternError(const std::string& file, std::vector<PatternMistake> mistakes);
  const std::vector<PatternMistake>& mistakes() const noexcept { return mistakes_; }

 private:
  std::vector<PatternMistake> mistakes_;
};

}  // namespace matchers
