// What each client did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "aggregator/hash_index.h"
#include "aggregator/huge_array.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/summary.h"

namespace aggregator {

static_assert(sizeof(ClientRow) == 64, "a client costs one cache line");

// A row for each client, up to a capacity of each partition; the clients that come later share one row, so
// that totals still add up. One thread; nothing is allocated after construction.
class ClientTable {
 public:
  ClientTable(unsigned partitions, std::size_t clients_per_partition);

  std::uint64_t hash_of(const wire::Address& client) const noexcept { return hash_(client); }

  // Two steps of looking ahead: call the second some time after the first. The second says where the row
  // probably is.
  void prefetch_index(std::uint64_t hash) const noexcept { index_.prefetch(hash); }
  std::uint32_t prefetch_row(std::uint64_t hash) noexcept;

  // To be called once for each event: counts those that share the last row. `likely` must be what
  // prefetch_row() said since the last clear(), of this client or another.
  ClientRow& row(unsigned partition, const wire::Address& client, std::uint64_t hash,
                 std::uint32_t likely) noexcept {
    if (likely != HashIndex::kNone && rows_[likely].address == client) return rows_[likely];
    const std::uint32_t place =
        index_.find(hash, [&](std::uint32_t at) { return rows_[at].address == client; });
    return place != HashIndex::kNone ? rows_[place] : new_row(partition, client, hash);
  }

  std::vector<ClientRow> rows() const;
  const ClientRow& other() const noexcept { return other_; }
  std::uint64_t other_events() const noexcept { return other_events_; }
  void clear() noexcept;

 private:
  ClientRow& new_row(unsigned partition, const wire::Address& client, std::uint64_t hash) noexcept;

  std::size_t clients_per_partition_;
  std::vector<std::size_t> clients_;  // by partition
  KeyedHash hash_;
  HashIndex index_;
  HugeArray<ClientRow> rows_;  // the first index_.size() are used
  ClientRow other_;
  std::uint64_t other_events_ = 0;
};

}  // namespace aggregator
