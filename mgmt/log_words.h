// The command-line options that name logs; several commands have them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mgmt/log_options.h"
#include "mgmt/words.h"

namespace mgmt {

// The words as given.
struct LogWords {
  std::vector<std::string> maillogs;
  std::vector<std::string> querylogs;
  std::optional<std::string> year;
  std::optional<std::string> zone;
};

void add_log_options(CLI::App& app, LogWords& words);

// Throws UsageError.
LogOptions read_log_words(const LogWords& words);

}  // namespace mgmt
