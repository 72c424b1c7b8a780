// The patterns that tell log lines apart.
#pragma once

#include "matchers/pattern_database.h"

namespace matchers {

// Their ids are LogClass. Takes some milliseconds. Throws std::runtime_error.
HyperscanDatabase compile_log_patterns();

}  // namespace matchers
