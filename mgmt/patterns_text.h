// What `tapline patterns` prints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "matchers/pattern_error.h"
#include "mgmt/name_verdict.h"

namespace mgmt {

struct PatternCheck {
  std::string file;
  std::vector<matchers::PatternMistake> mistakes = {};  // the rest means nothing if there are any
  std::size_t patterns = 0;
  std::size_t octets = 0;  // of the compiled patterns
  double seconds = 0;      // that compiling took
};

std::string check_text(const PatternCheck& check);     // one line
std::string check_json(const PatternCheck& check);     // one object
std::string mistakes_text(const PatternCheck& check);  // a sentence a line, without a final newline

std::string verdicts_text(const NameVerdicts& verdicts);
std::string verdicts_json(const NameVerdicts& verdicts);

}  // namespace mgmt
