// Which addresses clients were told in one window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "aggregator/address_filter.h"

namespace aggregator {

// Part of a shard's window. Mergeable: whatever the shards, the sum puts the same bits into a filter of
// `filter_bytes`. Those are named by the addresses' hashes as long as there are few, at most an eighth of the
// filter's size, and by a filter beyond. Both sides of an addition are of the same filter size and hash.
class ToldAddresses {
 public:
  explicit ToldAddresses(std::size_t filter_bytes) : filter_bytes_(filter_bytes) {}

  ToldAddresses& operator+=(const ToldAddresses& other);
  void add_to(AddressFilter& filter) const noexcept;  // of filter_bytes

  std::size_t bytes() const noexcept;  // of what is kept

 private:
  friend class ToldAddressCollector;

  void make_filter();

  std::size_t filter_bytes_;
  std::vector<std::uint64_t> hashes_;  // empty if there is a filter
  std::optional<AddressFilter> filter_;
};

// Gathers them in a shard. A filter finds repetitions: what it seems to hold already would change nothing in
// any filter that the sum goes to. One thread; nothing is allocated from construction to close().
class ToldAddressCollector {
 public:
  // `hash` is a copy of the one that all shards have.
  ToldAddressCollector(std::size_t filter_bytes, const KeyedHash& hash);

  std::uint64_t hash_of(const wire::Address& address) const noexcept { return filter_hash(hash_, address); }

  // Call it some time before add().
  void prefetch(std::uint64_t hash) const noexcept { seen_.prefetch(hash); }

  void add(std::uint64_t hash) noexcept {
    if (!seen_.add(hash)) return;
    if (listed_ < hashes_.size()) hashes_[listed_] = hash;
    ++listed_;
  }

  // What came since the last close.
  ToldAddresses close();

 private:
  KeyedHash hash_;
  AddressFilter seen_;
  std::vector<std::uint64_t> hashes_;  // as many as fit; the first `listed_` are used
  std::size_t listed_ = 0;             // beyond hashes_.size(): only seen_ holds all
};

}  // namespace aggregator
