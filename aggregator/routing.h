// Which shard an event belongs to.
#pragma once

#include "aggregator/summary.h"
#include "dataplane/partition.h"

namespace aggregator {

// All of one client's events meet in one partition. Correlation by address knows no client, and exclusive
// pairs cannot be merged afterwards, so there one partition sees everything.
inline unsigned partition_of(const wire::Address& client, Correlate mode) noexcept {
  return mode == Correlate::kClient ? dataplane::partition_of(client) : 0;
}

inline constexpr unsigned partitions(Correlate mode) noexcept {
  return mode == Correlate::kClient ? dataplane::kPartitions : 1;
}

// `shards` is at least 1; more of them than partitions stay idle.
inline unsigned shard_of(const wire::Address& client, Correlate mode, unsigned shards) noexcept {
  return partition_of(client, mode) % shards;
}

}  // namespace aggregator
