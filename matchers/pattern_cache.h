// Compiled patterns on disk, for the next start.
#pragma once

#include <memory>
#include <string>

#include "matchers/pattern_database.h"
#include "matchers/pattern_file.h"

namespace matchers {

struct LoadedPatterns {
  std::unique_ptr<const PatternDatabase> database;
  bool from_cache = false;
  std::string warning;  // a sentence if they could not be kept for the next start, else ""
};

// Takes the compiled patterns from `folder`, or compiles them and keeps them there. The file's name is a hash
// of what is compiled, of Hyperscan's version and of what this processor can; its contents are believed only
// if their own hash fits, and if the file belongs to this user or root and nobody else may write it:
// Hyperscan does not stand up to a forged database. It is written whole or not at all. Whatever is wrong with
// it, the patterns are compiled. Makes the folder, but not those above it. Throws PatternError.
LoadedPatterns load_patterns(const PatternFile& file, const std::string& folder);

}  // namespace matchers
