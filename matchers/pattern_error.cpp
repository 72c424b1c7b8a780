#include "matchers/pattern_error.h"

#include <algorithm>

namespace matchers {
namespace {

std::vector<PatternMistake> in_order(std::vector<PatternMistake> mistakes) {
  std::ranges::stable_sort(mistakes, {}, &PatternMistake::line);
  if (mistakes.size() > kMaxMistakes) {
    const std::string left_out = std::to_string(mistakes.size() - kMaxMistakes);
    mistakes.resize(kMaxMistakes);
    mistakes.push_back({.line = 0, .reason = "and " + left_out + " mistakes more"});
  }
  return mistakes;
}

std::string sentences_of(const std::string& file, const std::vector<PatternMistake>& mistakes) {
  std::string sentences;
  for (const PatternMistake& mistake : mistakes) {
    if (!sentences.empty()) sentences += '\n';
    sentences += file;
    if (mistake.line > 0) sentences.append(":").append(std::to_string(mistake.line));
    sentences.append(": ").append(mistake.reason);
  }
  return sentences;
}

}  // namespace

PatternError::PatternError(const std::string& file, std::vector<PatternMistake> mistakes)
    : std::runtime_error(sentences_of(file, mistakes = in_order(std::move(mistakes)))),
      mistakes_(std::move(mistakes)) {}

}  // namespace matchers
