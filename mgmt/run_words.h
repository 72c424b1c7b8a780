// The command line of `tapline run`.
#pragma once

#include <span>

#include "mgmt/run_options.h"

namespace mgmt {

inline constexpr const char* kDefaultConfigFile = "/etc/tapline/tapline.toml";

// Reads the configuration file too. Throws UsageError, ConfigError, CLI::CallForHelp.
RunOptions read_run_words(std::span<const char* const> words);

}  // namespace mgmt
