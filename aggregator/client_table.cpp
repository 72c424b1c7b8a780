#include "aggregator/client_table.h"

#include <algorithm>

#include "aggregator/prefetch.h"

namespace aggregator {

ClientTable::ClientTable(unsigned partitions, std::size_t clients_per_partition)
    : clients_per_partition_(clients_per_partition),
      clients_(partitions),
      index_(partitions * clients_per_partition),
      rows_(partitions * clients_per_partition) {}

std::uint32_t ClientTable::prefetch_row(std::uint64_t hash) noexcept {
  const std::uint32_t place = index_.candidate(hash);
  prefetch_to_write(&rows_[place_or_first(place, HashIndex::kNone)]);
  return place;
}

ClientRow& ClientTable::new_row(unsigned partition, const wire::Address& client,
                                std::uint64_t hash) noexcept {
  if (clients_[partition] == clients_per_partition_) {
    ++other_events_;
    return other_;
  }
  ++clients_[partition];
  const auto place = static_cast<std::uint32_t>(index_.size());
  index_.insert(hash, place);
  rows_[place].address = client;
  return rows_[place];
}

std::vector<ClientRow> ClientTable::rows() const {
  return {rows_.data(), rows_.data() + index_.size()};
}

void ClientTable::clear() noexcept {
  rows_.clear(0, index_.size());
  index_.clear();
  std::fill(clients_.begin(), clients_.end(), 0);
  other_ = {};
  other_events_ = 0;
}

}  // namespace aggregator
