// The fixed partitions that all state is kept by, so that no result depends on the number of shards.
#pragma once

#include <bit>

#include "wire/address.h"

namespace dataplane {

// Tables are bounded by the partition, and a shard owns whole partitions: what a full table gives up is the
// same for every number of shards.
inline constexpr unsigned kPartitions = 64;
static_assert(std::has_single_bit(kPartitions), "a partition is the topmost bits of a hash");

inline unsigned partition_of(const wire::Address& client) noexcept {
  return static_cast<unsigned>(wire::hash(client) >> (64 - std::countr_zero(kPartitions)));
}

}  // namespace dataplane
