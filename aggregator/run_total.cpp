#include "aggregator/run_total.h"

#include "aggregator/summarize.h"

namespace aggregator {
void RunTotal::add(const ShardWindow& window) {
  total_ += window;
  total_.clients.bound(clients_);
}

Summary RunTotal::summarize(const dataplane::Ledger& ledger) const {
  return aggregator::summarize(total_, ledger);
}

}  // namespace aggregator
