// `tapline replay`: capture files in, the report out.
#pragma once

#include "mgmt/replay_options.h"

namespace mgmt {

// The exit status. Writes the report to standard output, and what could not be read to standard error.
int replay(const ReplayOptions& options);

}  // namespace mgmt
