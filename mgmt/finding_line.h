// One line for a finding that has begun or ended, as `tapline run` says it while it captures.
#pragma once

#include <string>

#include "aggregator/detectors/finding_book.h"

namespace mgmt {

// Without a line end; empty for a finding that only goes on.
std::string finding_line(const aggregator::FindingChange& change);

}  // namespace mgmt
