// From the hash of a key to where the key is kept.
#pragma once

#include <cstddef>
#include <cstdint>

#include "aggregator/huge_array.h"
#include "aggregator/prefetch.h"

namespace aggregator {

// Open addressing with linear probing. A slot holds 32 bits of the hash beside the place, so a lookup touches
// one cache line here and, nearly always, only the one right entry there; slots move without a look at the
// entries. The table doubles as it fills, up to `max_keys`, and never allocates: a table of n slots lies at
// [n, 2n) of one reservation, the next larger one right behind it.
class HashIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  explicit HashIndex(std::size_t max_keys);

  std::size_t size() const noexcept { return keys_; }
  std::size_t bytes() const noexcept { return slots_ * sizeof(Slot); }

  void prefetch(std::uint64_t hash) const noexcept { prefetch_to_read(&table()[hash & (slots_ - 1)]); }

  // The place of the first key that may be the one; for prefetching.
  std::uint32_t candidate(std::uint64_t hash) const noexcept {
    return find(hash, [](std::uint32_t) { return true; });
  }

  // The place for which is_key(place) holds, or kNone.
  template <class IsKey>
  std::uint32_t find(std::uint64_t hash, IsKey&& is_key) const noexcept {
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t i = tag & (slots_ - 1); table()[i].place_plus_1 != 0; i = (i + 1) & (slots_ - 1)) {
      const Slot slot = table()[i];
      if (slot.hash == tag && is_key(slot.place_plus_1 - 1)) return slot.place_plus_1 - 1;
    }
    return kNone;
  }

  // The key must not be in the index, and there must be fewer than `max_keys`.
  void insert(std::uint64_t hash, std::uint32_t place) noexcept;
  // The key at `from` must be in the index.
  void move(std::uint64_t hash, std::uint32_t from, std::uint32_t to) noexcept;
  void erase(std::uint64_t hash, std::uint32_t place) noexcept;
  void clear() noexcept;

 private:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t place_plus_1;  // 0: free
  };

  const Slot* table() const noexcept { return table_; }
  std::size_t slot_of(std::uint64_t hash, std::uint32_t place) const noexcept;
  void put(Slot slot) noexcept;
  void double_slots() noexcept;

  std::size_t slots_;
  std::size_t keys_ = 0;
  HugeArray<Slot> generations_;
  Slot* table_;
};

}  // namespace aggregator
