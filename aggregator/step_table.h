// Rows that are counted in for one step of time, then taken and cleared.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "aggregator/hash_index.h"
#include "aggregator/huge_array.h"

namespace aggregator {

// Up to a capacity of each partition, so that what finds no room is the same for every number of shards. One
// thread; nothing is allocated after construction but by take().
template <class Row>
class StepTable {
 public:
  StepTable(unsigned partitions, std::size_t rows_per_partition)
      : rows_per_partition_(rows_per_partition),
        used_(partitions),
        index_(partitions * rows_per_partition),
        rows_(partitions * rows_per_partition) {}

  // The row for which is_row(row) holds, or else a new one, all zero until begin(row); null if the partition
  // is full.
  template <class IsRow, class Begin>
  Row* row(unsigned partition, std::uint64_t hash, IsRow&& is_row, Begin&& begin) noexcept {
    const std::uint32_t known = index_.find(hash, [&](std::uint32_t at) { return is_row(rows_[at]); });
    if (known != HashIndex::kNone) return &rows_[known];
    if (used_[partition] == rows_per_partition_) return nullptr;
    ++used_[partition];
    const auto place = static_cast<std::uint32_t>(index_.size());
    index_.insert(hash, place);
    begin(rows_[place]);
    return &rows_[place];
  }

  // All rows, in the order they came; the table is empty then.
  std::vector<Row> take() {
    std::vector<Row> rows(rows_.data(), rows_.data() + index_.size());
    rows_.clear(0, index_.size());
    index_.clear();
    std::fill(used_.begin(), used_.end(), 0);
    return rows;
  }

 private:
  std::size_t rows_per_partition_;
  std::vector<std::size_t> used_;  // by partition
  HashIndex index_;
  HugeArray<Row> rows_;  // the first index_.size() are used
};

}  // namespace aggregator
