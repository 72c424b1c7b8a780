// `tapline config`: what a configuration file says, and whether it can be read.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace mgmt {

struct ConfigOptions {
  enum class Action {
    kCheck,
    kShow
  };
  Action action = Action::kShow;
  std::optional<std::string> file;  // of kCheck always
  bool json = false;
};

// Throws UsageError, CLI::CallForHelp.
ConfigOptions read_config_words(std::span<const char* const> words);

// Returns the exit status. Throws ConfigError.
int config_command(const ConfigOptions& options);

}  // namespace mgmt
