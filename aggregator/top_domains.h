// The registered domains whose names are asked for most, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "aggregator/top_names.h"
#include "matchers/public_suffixes.h"

namespace aggregator {

// Fed by TopNames: with a name that is new there, and with the queries after the first one when it gives up
// its place or in the end. So each query is counted once, and one for a name that is known costs nothing. One
// table for each partition, as of names. One thread; nothing is allocated after construction.
class TopDomains {
 public:
  TopDomains(std::shared_ptr<const matchers::PublicSuffixes> suffixes, unsigned partitions,
             std::size_t domains_per_partition)
      : suffixes_(std::move(suffixes)), domains_(partitions, domains_per_partition) {}

  // So many queries for the name, lower-cased and in wire form. Public suffixes have no registered domain and
  // are not counted.
  void add(unsigned partition, std::span<const std::uint8_t> name, std::uint64_t queries) noexcept;

  NameTally tally() const { return domains_.tally(); }
  void clear() noexcept { domains_.clear(); }

 private:
  std::shared_ptr<const matchers::PublicSuffixes> suffixes_;
  TopNames domains_;
};

}  // namespace aggregator
