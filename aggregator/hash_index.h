// From the hash of a key to where the key is kept.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "aggregator/huge_array.h"
#include "aggregator/prefetch.h"

namespace aggregator {

// Open addressing by the cache line: a line holds eight keys, each as 32 bits of its hash and its place, and
// a key that finds its line full goes to the next. All eight are compared at once, so that a lookup is one
// line without a branch to guess here and, nearly always, only the one right entry there; keys move without a
// look at the entries. The table doubles as it fills, up to `max_keys`, and never allocates: a table of n
// lines lies at [n, 2n) of one reservation, the next larger one right behind it.
class HashIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  explicit HashIndex(std::size_t max_keys);

  std::size_t size() const noexcept { return keys_; }
  std::size_t bytes() const noexcept { return lines_ * sizeof(Line); }

  void prefetch(std::uint64_t hash) const noexcept { prefetch_to_read(&table_[hash & (lines_ - 1)]); }

  // Where the key probably is: the first place in its own line that may be the one, or kNone, also for some
  // that are there. For looking ahead, so without a branch to guess.
  std::uint32_t candidate(std::uint64_t hash) const noexcept {
    const Line& line = table_[hash & (lines_ - 1)];
    const std::uint64_t ways = ways_of(line.hashes, static_cast<std::uint32_t>(hash));
    const std::uint32_t place_plus_1 = line.places_plus_1[first_way(ways | kLastWay)];
    return (place_plus_1 & (0 - static_cast<std::uint32_t>(ways != 0))) - 1;
  }

  // The place for which is_key(place) holds, or kNone.
  template <class IsKey>
  std::uint32_t find(std::uint64_t hash, IsKey&& is_key) const noexcept {
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t at = tag & (lines_ - 1);; at = (at + 1) & (lines_ - 1)) {
      const Line& line = table_[at];
      for (std::uint64_t ways = ways_of(line.hashes, tag); ways != 0; ways &= ways - 1) {
        const std::uint32_t place_plus_1 = line.places_plus_1[first_way(ways)];
        if (place_plus_1 != 0 && is_key(place_plus_1 - 1)) return place_plus_1 - 1;
      }
      if (ways_of(line.places_plus_1, 0) != 0) return kNone;
    }
  }

  // The key must not be in the index, and there must be fewer than `max_keys`.
  void insert(std::uint64_t hash, std::uint32_t place) noexcept;
  // The key at `from` must be in the index.
  void move(std::uint64_t hash, std::uint32_t from, std::uint32_t to) noexcept;
  void erase(std::uint64_t hash, std::uint32_t place) noexcept;
  void clear() noexcept;

 private:
  static constexpr std::size_t kWays = 8;
  static constexpr std::uint64_t kLastWay = std::uint64_t{1} << 56;  // as ways_of() says it
  using Words = std::array<std::uint32_t, kWays>;

  struct alignas(64) Line {
    Words hashes;
    Words places_plus_1;  // 0: free
  };
  static_assert(sizeof(Line) == 64);

  struct Slot {
    std::size_t line;
    std::size_t way;
  };

  // The ways that hold `value`: an octet for each, of which the lowest bit says it. Sixteen octets at a time,
  // because that is what every processor has.
  static std::uint64_t ways_of(const Words& words, std::uint32_t value) noexcept {
    using Quad [[gnu::vector_size(16)]] = std::uint32_t;
    using QuadOctets [[gnu::vector_size(16)]] = std::uint8_t;
    using Octets [[gnu::vector_size(8)]] = std::uint8_t;
    std::array<Quad, 2> quads;
    std::memcpy(&quads, &words, sizeof quads);
    const auto low = std::bit_cast<QuadOctets>(quads[0] == value);
    const auto high = std::bit_cast<QuadOctets>(quads[1] == value);
    const Octets equal = __builtin_shufflevector(low, high, 0, 4, 8, 12, 16, 20, 24, 28);
    return std::bit_cast<std::uint64_t>(equal) & 0x0101010101010101;
  }
  static std::size_t first_way(std::uint64_t ways) noexcept {
    return static_cast<std::size_t>(std::countr_zero(ways)) / 8;
  }

  std::size_t next(std::size_t line) const noexcept { return (line + 1) & (lines_ - 1); }
  std::size_t distance(std::size_t from, std::size_t to) const noexcept { return (to - from) & (lines_ - 1); }
  bool has_free_way(std::size_t line) const noexcept { return ways_of(table_[line].places_plus_1, 0) != 0; }
  Slot slot_of(std::uint64_t hash, std::uint32_t place) const noexcept;
  void put(std::uint32_t hash, std::uint32_t place_plus_1) noexcept;
  void close_gap(Slot hole) noexcept;
  std::size_t way_from_before(std::size_t line, std::size_t gap) const noexcept;
  void double_lines() noexcept;

  std::size_t lines_;
  std::size_t keys_ = 0;
  HugeArray<Line> generations_;
  Line* table_;
};

}  // namespace aggregator
