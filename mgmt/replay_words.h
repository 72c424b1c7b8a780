// The command line of `tapline replay`.
#pragma once

#include <span>

#include "mgmt/replay_options.h"

namespace mgmt {

// Reads the configuration file too, since the command line wins over it. Throws UsageError, ConfigError,
// CLI::CallForHelp.
ReplayOptions read_replay_words(std::span<const char* const> words);

}  // namespace mgmt
