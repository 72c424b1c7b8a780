// All windows since the start, added up in bounded memory.
#pragma once

#include <cstddef>

#include "aggregator/shard_window.h"
#include "aggregator/summary.h"
#include "dataplane/ledger.h"

namespace aggregator {

// One thread.
class RunTotal {
 public:
  // Keeps a row for each of `clients` clients, those that came first; the rest is counted together.
  RunTotal(Correlate mode, std::int64_t window_ns, std::size_t clients)
      : total_(mode, window_ns), clients_(clients) {}

  void add(const ShardWindow& window);

  // `ledger` is the sum over all workers.
  Summary summarize(const dataplane::Ledger& ledger) const;

 private:
  ShardWindow total_;
  std::size_t clients_;
};

}  // namespace aggregator
