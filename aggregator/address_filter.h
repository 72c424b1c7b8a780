// A set of addresses in little memory, which may hold too many but never too few.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "aggregator/keyed_hash.h"
#include "aggregator/prefetch.h"

namespace aggregator {

// What a filter knows an address by, so that nobody can choose addresses that fill it. Multiplied twice: once
// leaves neighbouring addresses in step, and with some keys seven times as many are found that were not
// added.
inline std::uint64_t filter_hash(const KeyedHash& hash, const wire::Address& address) noexcept {
  return hash({}, address);
}

// A Bloom filter of blocks (Putze, Sanders, Singler, Cache-, Hash- and Space-Efficient Bloom Filters, 2007):
// an address sets a bit in each of the eight words of one cache line. With 16 bits for each address, one in
// 1100 is found that was not added; with 12 bits, one in 240; with 8 bits, one in 34.
//
// Two filters of one size that were given the same hashes are equal, whatever the order. One thread at a
// time.
class AddressFilter {
 public:
  explicit AddressFilter(std::size_t bytes);  // rounded up to cache lines

  void prefetch(std::uint64_t hash) const noexcept { prefetch_to_write(&blocks_[block_of(hash)]); }

  // False if the filter held it before, or seemed to: it is the same as without this call then.
  bool add(std::uint64_t hash) noexcept;
  bool contains(std::uint64_t hash) const noexcept;

  AddressFilter& operator|=(const AddressFilter& other) noexcept;  // of the same size

  void clear() noexcept;
  // Forgets all addresses that share the block of this one.
  void clear_block(std::uint64_t hash) noexcept { blocks_[block_of(hash)] = {}; }

  std::size_t bytes() const noexcept { return blocks_.size() * sizeof(Block); }

  friend bool operator==(const AddressFilter&, const AddressFilter&) = default;

 private:
  static constexpr std::size_t kWords = 8;

  struct alignas(64) Block {
    std::array<std::uint64_t, kWords> words;

    friend bool operator==(const Block&, const Block&) = default;
  };
  static_assert(sizeof(Block) == 64, "an address is one cache line");

  static Block bits_of(std::uint64_t hash) noexcept;
  std::size_t block_of(std::uint64_t hash) const noexcept { return ((hash >> 32) * blocks_.size()) >> 32; }

  std::vector<Block> blocks_;
};

}  // namespace aggregator
