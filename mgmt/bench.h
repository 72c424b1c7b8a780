// `tapline bench`: what does this box hold?
#pragma once

#include "mgmt/bench_options.h"

namespace mgmt {

// Returns the exit status. Throws std::runtime_error, in a sentence, if it cannot start.
int bench(const BenchOptions& options);

}  // namespace mgmt
