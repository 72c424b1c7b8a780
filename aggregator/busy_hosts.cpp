#include "aggregator/busy_hosts.h"

namespace aggregator {

BusyHosts::BusyHosts(std::size_t most) : most_(most) {}

bool BusyHosts::observe(std::uint64_t second, const HostStep& step) {
  if (most_ == 0) return false;
  if (ends_ == 0) ends_ = second + kFirstSeconds;
  const bool over = second >= ends_;
  if (over) {
    rank();
    ends_ = second + kTurnSeconds;
  }
  for (const HostRow& row : step.hosts) {
    const HostCounts& counts = row.counts;
    const std::uint64_t done = counts.queries() + counts.asked() + counts.connections() + counts.received();
    if (done > 0) counts_.add(row.host, hash_(row.host), done);
  }
  return over;
}

void BusyHosts::rank() {
  ranking_.clear();
  for (const auto& row : counts_.top(most_)) ranking_.push_back(row.key);
  counts_ = SpaceSaving<wire::Address>(kCapacity);
}

}  // namespace aggregator
