#include "matchers/pattern_compiler.h"

#include <cstdlib>
#include <optional>

#include <hs_compile.h>

#include "matchers/name_pattern.h"

namespace matchers {
namespace {

using HyperscanError = std::unique_ptr<hs_compile_error_t, decltype(&hs_free_compile_error)>;

// Each name is a line, so ^ and $ are its begin and its end. No name has a line end in it: s changes nothing.
unsigned flags_of(const Pattern& pattern) {
  unsigned flags = HS_FLAG_MULTILINE;
  for (const char letter : pattern.flags) {
    if (letter == 'i') flags |= HS_FLAG_CASELESS;
    if (letter == 'u') flags |= HS_FLAG_UTF8;
    if (letter == 'w') flags |= HS_FLAG_UCP;
  }
  return flags;
}

std::string about(const Pattern& pattern, std::string_view reason) {
  return "pattern " + std::to_string(pattern.id) + " (" + pattern.label + ") " + std::string(reason);
}

// Hyperscan's own sentence begins with a capital and ends with a full stop.
std::string hyperscan_reason(const char* message) {
  std::string text = message ? message : "no reason is given";
  if (text.ends_with('.')) text.pop_back();
  return "is not usable: " + text;
}

// What is wrong with the expression as the operator wrote it, so that places in it are the operator's.
std::optional<std::string> fault_of(const Pattern& pattern) {
  hs_expr_info_t* found = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t result = hs_expression_info(pattern.expression.c_str(), flags_of(pattern), &found, &error);
  const std::unique_ptr<hs_expr_info_t, decltype(&std::free)> info(found, std::free);
  const HyperscanError owned(error, hs_free_compile_error);
  if (result != HS_SUCCESS || !info) return hyperscan_reason(error ? error->message : nullptr);
  if (info->min_width == 0) return "matches without a single character, which every name does";
  return std::nullopt;
}

// The expressions that are left, as Hyperscan takes them.
struct Left {
  std::vector<const char*> expressions;
  std::vector<unsigned> flags;
  std::vector<unsigned> places;

  void remove(std::size_t index) {
    const auto at = static_cast<std::ptrdiff_t>(index);
    expressions.erase(expressions.begin() + at);
    flags.erase(flags.begin() + at);
    places.erase(places.begin() + at);
  }
};

// Those that have no fault of their own.
Left sound_expressions(const PatternFile& file, const CompilerInput& input,
                       std::vector<PatternMistake>& mistakes) {
  Left left;
  for (std::size_t place = 0; place < input.expressions.size(); ++place) {
    if (input.expressions[place].empty()) continue;
    const Pattern& pattern = file.patterns[place];
    if (const auto fault = fault_of(pattern)) {
      mistakes.push_back({.line = pattern.line, .reason = about(pattern, *fault)});
      continue;
    }
    left.expressions.push_back(input.expressions[place].c_str());
    left.flags.push_back(input.flags[place]);
    left.places.push_back(static_cast<unsigned>(place));
  }
  return left;
}

struct Attempt {
  HyperscanDatabase database;
  std::string error;
  int index = -1;  // of the expression that is to blame
};

Attempt compile_together(const Left& left) {
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t result =
      hs_compile_multi(left.expressions.data(), left.flags.data(), left.places.data(),
                       static_cast<unsigned>(left.places.size()), HS_MODE_BLOCK, nullptr, &database, &error);
  const HyperscanError owned(error, hs_free_compile_error);
  Attempt attempt;
  attempt.database.reset(database);
  if (result == HS_SUCCESS) return attempt;
  attempt.error = hyperscan_reason(error ? error->message : nullptr);
  if (error) attempt.index = error->expression;
  return attempt;
}

}  // namespace

CompilerInput compiler_input(const PatternFile& file) {
  CompilerInput input;
  input.mistakes = file.mistakes;
  for (const Pattern& pattern : file.patterns) {
    NamePattern fit;
    try {
      fit = name_pattern(pattern.expression);
    } catch (const UnusablePattern& unusable) {
      input.mistakes.push_back({.line = pattern.line, .reason = about(pattern, unusable.what())});
    }
    input.expressions.push_back(std::move(fit.expression));
    input.flags.push_back(flags_of(pattern));
    input.may_cross.push_back(fit.may_cross);
  }
  return input;
}

// Hyperscan stops at the first expression that it cannot take; without that one the others are tried again.
HyperscanDatabase compile_input(const PatternFile& file, const CompilerInput& input) {
  std::vector<PatternMistake> mistakes = input.mistakes;
  Left left = sound_expressions(file, input, mistakes);
  HyperscanDatabase database;
  while (!left.places.empty() && mistakes.size() < kMaxMistakes) {
    Attempt attempt = compile_together(left);
    database = std::move(attempt.database);
    if (database) break;
    if (attempt.index < 0) {
      mistakes.push_back({.line = 0, .reason = "all patterns together: this " + attempt.error});
      break;
    }
    const auto index = static_cast<std::size_t>(attempt.index);
    const Pattern& pattern = file.patterns[left.places[index]];
    mistakes.push_back({.line = pattern.line, .reason = about(pattern, attempt.error)});
    left.remove(index);
  }
  if (!mistakes.empty()) throw PatternError(file.name, std::move(mistakes));
  return database;
}

std::unique_ptr<const PatternDatabase> compile_patterns(const PatternFile& file) {
  CompilerInput input = compiler_input(file);
  HyperscanDatabase compiled = compile_input(file, input);
  return std::make_unique<const PatternDatabase>(file.patterns, std::move(input.may_cross),
                                                 std::move(compiled));
}

}  // namespace matchers
