// What the history lets go of: what is too old, and what is too much.
#pragma once

#include <cstdint>

#include "mgmt/history/database.h"
#include "mgmt/history/store.h"

namespace mgmt {

// By age one step: an hour of minutes, a day of hours, a month of days. As a minute is written each minute,
// that is fast enough, and a clock that runs ahead for a while costs little. By size as many steps of the
// oldest minutes, then of hours, as it takes, up to a bound. Each step is a transaction of its own. `newest`
// is the time of the newest minute. Throws DatabaseError.
void trim_history(Database& database, const HistorySettings& settings, std::uint64_t newest);

}  // namespace mgmt
