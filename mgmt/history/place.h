// Where a history is, and how to read whom it is of.
#pragma once

#include <optional>
#include <string>

#include "mgmt/config.h"
#include "mgmt/history/kept_hosts.h"

namespace mgmt {

struct HistoryPlace {
  std::string folder;
  KeptHosts hosts{};
};

// Nothing if none is kept. Throws std::runtime_error in a sentence if the key of [privacy] cannot be read.
std::optional<HistoryPlace> history_place(const Config& config);

// With the key of [privacy], if there is one that can be read. Throws std::runtime_error likewise, if the
// history is hidden by it.
KeptHosts kept_hosts(const Config& config);

}  // namespace mgmt
