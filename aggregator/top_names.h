// The names that are asked for most, in bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aggregator/huge_array.h"
#include "aggregator/summary.h"
#include "wire/dns_name.h"

namespace aggregator {

// What a name's count was in the tables added up so far, each relative to its bucket's floor (see below).
struct NameCount {
  std::uint64_t hash;
  std::int64_t queries;
  std::int64_t error;
  std::uint64_t text : 56;  // where its wire form begins in the tally's texts
  std::uint64_t length : 8;
};

// Tables taken out and added up. A name that a table does not hold was asked for there at most `floor` times,
// the least count of the full bucket that it would be in. With that in its count and error, both bounds hold
// for the sum: queries - error <= true count <= queries (after Agarwal et al., Mergeable Summaries, 2012).
struct NameTally {
  std::vector<std::uint64_t> floors;  // by bucket; the sum over the tables. Empty: no table yet
  std::vector<NameCount> names;
  std::vector<std::uint8_t> texts;

  NameTally& operator+=(const NameTally& other);  // tables of equally many buckets
  // Most queries first, then by name; at most `most`.
  std::vector<NameRow> top(std::size_t most) const;

 private:
  // Of one name in all tables.
  struct Sum {
    const NameCount* name;
    std::uint64_t queries;
    std::uint64_t error;
  };
  std::vector<Sum> sums() const;
};

class TopDomains;

// Space-Saving (Metwally, Agrawal, El Abbadi 2005) in buckets of eight: a name that finds its bucket full
// takes the place of the least counted one there and inherits its count as possible error. One table for each
// partition, all alike. One thread; nothing is allocated after construction.
class TopNames {
 public:
  static constexpr std::size_t kWays = 8;

  TopNames(unsigned partitions, std::size_t names_per_partition);  // rounded up to a power of two

  // Call it some time before add().
  void prefetch(unsigned partition, std::uint64_t hash) noexcept;

  // So many queries for the name with this hash; `name` is its wire form. A name whose text was lost is
  // counted only where it is known already. `domains`, if any, are told of a query for a name that is new
  // here, and of those after it when the name gives up its place; then only one at a time may be added.
  void add(unsigned partition, std::uint64_t hash, std::span<const std::uint8_t> name,
           TopDomains* domains = nullptr, std::uint64_t queries = 1) noexcept;

  // Tells what the domains have not been told of names that have a place.
  void tell_rest(TopDomains& domains) const noexcept;

  NameTally tally() const;
  void clear() noexcept;

 private:
  struct alignas(64) Bucket {
    std::array<std::uint64_t, kWays> hashes;
    std::array<std::uint64_t, kWays> queries;  // 0: free
    std::array<std::uint64_t, kWays> errors;
  };
  // Nearly all names, those of ip6.arpa too, fit into two cache lines; the rest is not touched for them.
  static constexpr std::size_t kHeadOctets = 127;
  struct alignas(64) TextHead {
    std::uint8_t length;
    std::array<std::uint8_t, kHeadOctets> octets;
  };
  using TextRest = std::array<std::uint8_t, wire::kMaxNameOctets - kHeadOctets>;
  static_assert(sizeof(TextHead) == 128);
  using Text = std::array<std::uint8_t, wire::kMaxNameOctets>;

  NameTally empty_tally() const;
  void write_text(std::size_t place, std::span<const std::uint8_t> name) noexcept;
  std::span<const std::uint8_t> text(std::size_t place, Text& octets) const noexcept;
  void tell_rest(TopDomains& domains, std::size_t at, std::size_t way) const noexcept;
  std::size_t bucket_of(unsigned partition, std::uint64_t hash) const noexcept;
  static std::size_t way_of(const Bucket& bucket, std::uint64_t hash) noexcept;
  static std::size_t least_way(const Bucket& bucket) noexcept;

  std::size_t buckets_per_partition_;
  std::size_t buckets_;
  HugeArray<Bucket> table_;
  HugeArray<TextHead> text_heads_;
  HugeArray<TextRest> text_rests_;
};

}  // namespace aggregator
