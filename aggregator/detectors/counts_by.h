// The rows of a server's addresses, by one of their keys.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace aggregator {

// As TopShares and Source take them; a key may be there several times.
template <class Rows, class Row, class Key>
std::vector<std::pair<Key, std::uint64_t>> counts_by(const Rows& rows_of_addresses, Key Row::*key,
                                                     std::uint64_t Row::*count) {
  std::vector<std::pair<Key, std::uint64_t>> counts;
  for (const auto& rows : rows_of_addresses) {
    for (const Row& row : rows) {
      if (row.*count > 0) counts.emplace_back(row.*key, row.*count);
    }
  }
  return counts;
}

}  // namespace aggregator
