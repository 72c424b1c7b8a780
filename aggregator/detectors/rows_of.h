// The rows of one host in a step.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "wire/address.h"

namespace aggregator {

// `rows` are sorted by this member first of all.
template <class Row>
std::span<const Row> rows_of(const std::vector<Row>& rows, const wire::Address& host,
                             wire::Address Row::*address) {
  const auto first =
      std::lower_bound(rows.begin(), rows.end(), host,
                       [&](const Row& row, const wire::Address& key) { return row.*address < key; });
  const auto end = std::upper_bound(
      first, rows.end(), host, [&](const wire::Address& key, const Row& row) { return key < row.*address; });
  return {first, end};
}

}  // namespace aggregator
