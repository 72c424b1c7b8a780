// What a worker goes by and may be told anew while it runs.
#pragma once

#include <cstdint>
#include <memory>

#include "dataplane/current.h"
#include "dataplane/pattern_scanners.h"
#include "matchers/unresolved_names.h"

namespace dataplane {

struct WorkerRules {
  std::uint64_t version = 1;                                          // counts the changes
  std::int64_t duplicate_window_ns = 0;                               // 0: off
  std::shared_ptr<const matchers::UnresolvedNames> unresolved_names;  // null: no name counts as formed
  std::shared_ptr<const PatternScanners> patterns;                    // for all workers; null: none
};

using CurrentRules = Current<WorkerRules>;

}  // namespace dataplane
