// `tapline run`: captures until it is told to stop.
#pragma once

#include "mgmt/run_options.h"

namespace mgmt {

// Returns the exit status. Throws std::runtime_error, in a sentence, if it cannot start.
int run_live(const RunOptions& options);

}  // namespace mgmt
