// The hosts that do most: whose curves are kept besides those of the configured servers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "aggregator/host_step.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/space_saving.h"

namespace aggregator {

// Ranks by queries and connections, sent and received: a minute after the start and every ten minutes of
// packet time from then on, each time by what was done since. One thread; memory is bounded.
class BusyHosts {
 public:
  explicit BusyHosts(std::size_t most);

  // `second` never goes back. True if there is a new ranking.
  bool observe(std::uint64_t second, const HostStep& step);

  // Busiest first, at most `most`.
  const std::vector<wire::Address>& ranking() const noexcept { return ranking_; }

 private:
  static constexpr std::size_t kCapacity = 4096;
  static constexpr std::uint64_t kFirstSeconds = 60;
  static constexpr std::uint64_t kTurnSeconds = 600;

  void rank();

  std::size_t most_;
  KeyedHash hash_;
  SpaceSaving<wire::Address> counts_{kCapacity};
  std::uint64_t ends_ = 0;  // the second in which this turn is over; 0: not begun
  std::vector<wire::Address> ranking_;
};

}  // namespace aggregator
