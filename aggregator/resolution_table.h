// Which client was told which address, and until when: the memory behind "nobody resolved this".
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include "aggregator/huge_array.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/prefetch.h"
#include "wire/address.h"

namespace aggregator {

// By an A or AAAA record of the answer section, or by an ipv4hint or ipv6hint of an SVCB or HTTPS record
// (RFC 9460 section 7.3).
enum class ToldBy : std::uint8_t {
  kAnswer,
  kHint
};

struct ResolutionSettings {
  unsigned partitions = 1;
  std::size_t keys_per_partition = std::size_t{1} << 14;  // 112 bytes each, reserved at once
  std::uint32_t grace_s = 300;                            // that an address may be used after its TTL
  std::uint32_t longest_ttl_s = 7 * 24 * 3600;            // RFC 8767 section 4
};

// Packet time in whole seconds since 1970, from 1970 to 2106: what lies outside is moved to the nearer end.
inline std::uint32_t whole_seconds(std::int64_t time_ns) noexcept {
  constexpr std::int64_t kLast = std::numeric_limits<std::uint32_t>::max() - 1;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time_ns / 1'000'000'000, 0, kLast));
}

// A client holds an address from when it was told, for the TTL and the grace, both ends included and in whole
// seconds: at most one second longer, never shorter. Of several TTLs the one that ends last counts, answers
// and hints apart. Time may go back: what was told counts by order, not by time.
//
// A key is a client and an address, kept as 64 bits of their hash: with n keys in a partition, one lookup in
// 2^64 / n takes another key for its own. It lies in one of two cache lines of the same page, so nothing is
// ever searched or moved; if both are full, the key that ends first is given up, and counted unless it had
// ended. Clients are not alike, so a partition has seven places for each of its keys: of twice its keys it
// gives up one in a million, of four times as many one in a hundred (bench/README.md).
//
// One thread; nothing is allocated after construction. What is given up depends on the hash's key, all else
// does not; so shards that share a copy of it give up what one shard would.
class ResolutionTable {
 public:
  // Throws std::runtime_error if the memory cannot be had.
  ResolutionTable(const ResolutionSettings& settings, const KeyedHash& hash);

  std::uint64_t hash_of(const wire::Address& client, const wire::Address& address) const noexcept {
    return hash_(client, address);
  }

  // Call it some time before told() or judge().
  void prefetch(unsigned partition, std::uint64_t hash) const noexcept {
    const Pair pair = pair_of(partition, hash);
    prefetch_to_write(&lines_[pair[0]]);
    prefetch_to_write(&lines_[pair[1]]);
  }

  // `ttl_s` is as on the wire: with its highest bit set it counts as 0 (RFC 2181 section 8).
  void told(unsigned partition, std::uint64_t hash, ToldBy by, std::uint32_t now_s,
            std::uint32_t ttl_s) noexcept;

  // How the client holds the address at `now_s`; by both an answer and a hint counts as an answer.
  std::optional<ToldBy> judge(unsigned partition, std::uint64_t hash, std::uint32_t now_s) const noexcept;

  // Keys given up before their end, since the start: a connection of theirs will look unresolved.
  std::uint64_t evicted(unsigned partition) const noexcept { return evicted_[partition]; }
  std::uint64_t evicted() const noexcept {
    return std::accumulate(evicted_.begin(), evicted_.end(), std::uint64_t{0});
  }

  std::size_t bytes() const noexcept { return evicted_.size() * lines_per_partition_ * sizeof(Line); }

 private:
  static constexpr std::size_t kWays = 4;
  static constexpr std::size_t kPlacesPerKey = 7;  // a million keys within 128 MiB, with room for the filters

  // Times are the first second in which the key no longer holds; 0: it was never told so.
  struct alignas(64) Line {
    std::array<std::uint64_t, kWays> hashes;
    std::array<std::uint32_t, kWays> answer_ends_s;
    std::array<std::uint32_t, kWays> hint_ends_s;

    std::uint32_t ends_s(std::size_t way) const noexcept {
      return std::max(answer_ends_s[way], hint_ends_s[way]);
    }
    std::size_t way_of(std::uint64_t hash) const noexcept;  // kWays: not here
    std::size_t first_to_end() const noexcept;
    unsigned held(std::uint32_t now_s) const noexcept;
  };
  static_assert(sizeof(Line) == 64, "a lookup is two cache lines");

  static constexpr std::size_t kPageLines = 4096 / sizeof(Line);

  struct Slot {
    Line& line;
    std::size_t way;
  };
  using Pair = std::array<std::size_t, 2>;

  // The upper half of the hash names the page, six bits a line there, and six more the other one.
  Pair pair_of(unsigned partition, std::uint64_t hash) const noexcept {
    const std::size_t pages = lines_per_partition_ / kPageLines;
    const std::size_t page = partition * lines_per_partition_ + (((hash >> 32) * pages) >> 32) * kPageLines;
    const std::size_t line = hash % kPageLines;
    const std::size_t apart = (hash / kPageLines % kPageLines) | 1;
    return {page + line, page + (line ^ apart)};
  }

  std::uint32_t end_of(std::uint32_t now_s, std::uint32_t ttl_s) const noexcept;
  Slot slot_for(unsigned partition, std::uint64_t hash, std::uint32_t now_s) noexcept;
  Slot claim(unsigned partition, Line& first, Line& second, std::uint32_t now_s) noexcept;

  std::size_t lines_per_partition_;
  std::uint32_t grace_s_;
  std::uint32_t longest_ttl_s_;
  KeyedHash hash_;
  std::vector<std::uint64_t> evicted_;  // by partition
  HugeArray<Line> lines_;
};

}  // namespace aggregator
