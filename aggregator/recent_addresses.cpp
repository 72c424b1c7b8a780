#include "aggregator/recent_addresses.h"

#include <algorithm>

namespace aggregator {

// The generation that is being filled and those that the horizon reaches back to make `generations`.
RecentAddresses::RecentAddresses(const RecentAddressSettings& settings, const KeyedHash& hash)
    : horizon_s_(settings.horizon_s), hash_(hash) {
  const unsigned generations = std::max(settings.generations, 2u);
  generation_s_ = std::max((horizon_s_ + generations - 2) / (generations - 1), 1u);
  generations_.assign(generations, {.number = kUnused, .addresses = AddressFilter(settings.filter_bytes)});
}

void RecentAddresses::add(const ToldAddresses& window, std::uint32_t second) noexcept {
  const std::uint64_t number = second / generation_s_;
  Generation& generation = generations_[number % generations_.size()];
  if (generation.number != number) {
    generation.number = number;
    generation.addresses.clear();
  }
  window.add_to(generation.addresses);
}

bool RecentAddresses::contains(const wire::Address& address, std::uint32_t now_s) const noexcept {
  const std::uint64_t hash = filter_hash(hash_, address);
  return std::any_of(generations_.begin(), generations_.end(), [&](const Generation& generation) {
    return in_horizon(generation, now_s) && generation.addresses.contains(hash);
  });
}

bool RecentAddresses::in_horizon(const Generation& generation, std::uint32_t now_s) const noexcept {
  if (generation.number == kUnused) return false;
  const std::uint64_t end_s = (generation.number + 1) * generation_s_;
  return end_s + horizon_s_ > now_s;
}

}  // namespace aggregator
