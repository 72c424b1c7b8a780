// The command line of `tapline bench`.
#pragma once

#include <span>

#include "mgmt/bench_options.h"

namespace mgmt {

// Reads the configuration file too. Throws UsageError, ConfigError, CLI::CallForHelp.
BenchOptions read_bench_words(std::span<const char* const> words);

}  // namespace mgmt
