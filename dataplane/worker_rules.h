// What a worker goes by and may be told anew while it runs.
#pragma once

#include <cstdint>

#include "dataplane/current.h"

namespace dataplane {

struct WorkerRules {
  std::uint64_t version = 1;             // counts the changes
  std::int64_t duplicate_window_ns = 0;  // 0: off
};

using CurrentRules = Current<WorkerRules>;

}  // namespace dataplane
