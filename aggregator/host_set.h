// Which addresses are hosts that are counted one by one.
#pragma once

#include <algorithm>
#include <vector>

#include "wire/network.h"

namespace aggregator {

// A few networks, compared one after the other.
class HostSet {
 public:
  HostSet() = default;
  explicit HostSet(std::vector<wire::Network> networks) : networks_(std::move(networks)) {}

  bool contains(const wire::Address& address) const noexcept {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const wire::Network& network) { return network.contains(address); });
  }
  bool empty() const noexcept { return networks_.empty(); }

 private:
  std::vector<wire::Network> networks_;
};

}  // namespace aggregator
