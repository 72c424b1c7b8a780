// From the configuration to what workers and shards are told; the same for files and ports.
#pragma once

#include "aggregator/shard.h"
#include "dataplane/observer.h"
#include "mgmt/config.h"

namespace mgmt {

dataplane::ObserverSettings observer_settings(const Config& config);

// But for the number of shards.
aggregator::ShardSettings shard_settings(const Config& config);

}  // namespace mgmt
