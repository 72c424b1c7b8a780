// `tapline patterns`: whether a pattern file can be used, and what it finds in names.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mgmt/config.h"

namespace mgmt {

struct PatternsOptions {
  enum class Action {
    kCheck,
    kTest
  };
  Action action = Action::kCheck;
  std::string file;
  std::vector<std::string> names;  // of kTest: at least one; "-" stands for the lines of standard input
  Config config;                   // of kTest
  bool json = false;
};

// Reads the configuration file too. Throws UsageError, ConfigError, CLI::CallForHelp.
PatternsOptions read_patterns_words(std::span<const char* const> words);

// Returns the exit status. Throws ConfigError, also for what cannot be a name.
int patterns_command(const PatternsOptions& options);

}  // namespace mgmt
