#include "aggregator/top_domains.h"

#include <algorithm>

namespace aggregator {

void TopDomains::add(unsigned partition, std::span<const std::uint8_t> name, std::uint64_t queries) noexcept {
  const std::size_t octets = suffixes_->registered_domain(name);
  if (octets == 0) return;
  wire::DnsName domain;
  domain.length = static_cast<std::uint8_t>(octets);
  std::ranges::copy(name.last(octets), domain.octets.begin());
  domains_.add(partition, domain.hash(), domain.wire(), nullptr, queries);
}

}  // namespace aggregator
