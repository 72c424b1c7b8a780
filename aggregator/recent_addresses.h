// Which addresses anybody was told of late: a connection there may rest on what someone else resolved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "aggregator/keyed_hash.h"
#include "aggregator/told_addresses.h"

namespace aggregator {

struct RecentAddressSettings {
  std::uint32_t horizon_s = 3600;  // how long an address is remembered at least
  unsigned generations = 8;  // at least 2; it is remembered by one part in generations - 1 longer at most
  std::size_t filter_bytes = std::size_t{1} << 20;  // of each generation
};

// A generation is a filter of the windows of some minutes; the oldest is dropped as a whole. So an address
// may be found that nobody was told, and never the other way round. By default, one in ten thousand with
// 250,000 different addresses in each generation, one in 180 with 500,000 and one in six with a million.
//
// One thread; nothing is allocated after construction.
class RecentAddresses {
 public:
  // `hash` is a copy of the one that all shards have.
  RecentAddresses(const RecentAddressSettings& settings, const KeyedHash& hash);

  // A window of packet time, `second` since 1970. Where time goes back by more than the horizon, what it was
  // is forgotten.
  void add(const ToldAddresses& window, std::uint32_t second) noexcept;

  // Was anybody told `address` within the horizon before `now_s`, or later?
  bool contains(const wire::Address& address, std::uint32_t now_s) const noexcept;

  std::size_t bytes() const noexcept { return generations_.size() * generations_.front().addresses.bytes(); }

 private:
  static constexpr std::uint64_t kUnused = std::numeric_limits<std::uint64_t>::max();

  struct Generation {
    std::uint64_t number;  // its seconds start at number * generation_s_
    AddressFilter addresses;
  };

  bool in_horizon(const Generation& generation, std::uint32_t now_s) const noexcept;

  std::uint32_t horizon_s_;
  std::uint32_t generation_s_;
  KeyedHash hash_;
  std::vector<Generation> generations_;  // by number, modulo
};

}  // namespace aggregator
