// From what the shards counted to what people read.
#pragma once

#include "aggregator/shard_window.h"
#include "aggregator/summary.h"
#include "dataplane/ledger.h"

namespace aggregator {

// `window` is the sum over all shards, `ledger` the sum over all workers. Equal input, however it was
// divided among shards, gives equal output. The second takes the clients' rows and spares a copy of them.
Summary summarize(const ShardWindow& window, const dataplane::Ledger& ledger);
Summary summarize(ShardWindow&& window, const dataplane::Ledger& ledger);

}  // namespace aggregator
