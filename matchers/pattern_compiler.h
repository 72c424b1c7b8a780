// From a pattern file to a database.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "matchers/pattern_database.h"
#include "matchers/pattern_file.h"

namespace matchers {

// What Hyperscan is asked to compile; the places are those of the file's patterns.
struct CompilerInput {
  std::vector<std::string> expressions;  // "" where there is a mistake
  std::vector<unsigned> flags;           // HS_FLAG_*
  std::vector<bool> may_cross;
  std::vector<PatternMistake> mistakes;  // the file's, and expressions that no scanner of names can use
};

CompilerInput compiler_input(const PatternFile& file);

// Null if there are no patterns. Takes seconds where there are many thousands. Throws PatternError with the
// input's mistakes and all expressions that do not compile.
HyperscanDatabase compile_input(const PatternFile& file, const CompilerInput& input);

// Both. Throws PatternError.
std::unique_ptr<const PatternDatabase> compile_patterns(const PatternFile& file);

}  // namespace matchers
