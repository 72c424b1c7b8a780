#include "aggregator/top_names.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <utility>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "aggregator/hash_index.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/prefetch.h"
#include "aggregator/top_domains.h"

namespace aggregator {
namespace {

constexpr unsigned kNoWay = 1U << TopNames::kWays;

// The ways that hold `value`, a bit each.
unsigned ways_of(const std::array<std::uint64_t, TopNames::kWays>& words, std::uint64_t value) noexcept {
#ifdef __AVX512F__
  return _mm512_cmpeq_epi64_mask(_mm512_loadu_si512(words.data()),
                                 _mm512_set1_epi64(static_cast<long long>(value)));
#else
  unsigned ways = 0;
  for (std::size_t way = 0; way < words.size(); ++way) ways |= unsigned{words[way] == value} << way;
  return ways;
#endif
}

}  // namespace

NameTally& NameTally::operator+=(const NameTally& other) {
  floors.resize(std::max(floors.size(), other.floors.size()));
  std::transform(other.floors.begin(), other.floors.end(), floors.begin(), floors.begin(), std::plus<>());
  names.reserve(std::max(names.size() + other.names.size(), names.capacity()));
  for (NameCount count : other.names) {
    count.text += texts.size();
    names.push_back(count);
  }
  texts.insert(texts.end(), other.texts.begin(), other.texts.end());
  return *this;
}

std::vector<NameTally::Sum> NameTally::sums() const {
  std::vector<Sum> sums;
  sums.reserve(names.size());
  const KeyedHash keyed;
  HashIndex index(names.size());
  for (const NameCount& count : names) {
    const std::uint64_t hash = keyed(count.hash);
    std::uint32_t place =
        index.find(hash, [&](std::uint32_t at) { return sums[at].name->hash == count.hash; });
    if (place == HashIndex::kNone) {
      place = static_cast<std::uint32_t>(sums.size());
      index.insert(hash, place);
      const std::uint64_t floor = floors[count.hash & (floors.size() - 1)];
      sums.push_back({&count, floor, floor});
    }
    // Unsigned sums are right although single terms may be negative.
    sums[place].queries += static_cast<std::uint64_t>(count.queries);
    sums[place].error += static_cast<std::uint64_t>(count.error);
  }
  return sums;
}

std::vector<NameRow> NameTally::top(std::size_t most) const {
  std::vector<Sum> all = sums();

  // Only those that can be among the first are written out: as many as wanted, and their equals.
  const auto more_queries = [](const Sum& a, const Sum& b) { return a.queries > b.queries; };
  auto end = all.end();
  if (most < all.size()) {
    const auto last = all.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(all.begin(), last, all.end(), more_queries);
    end = std::partition(last, all.end(),
                         [least = last->queries](const Sum& sum) { return sum.queries == least; });
  }
  std::vector<NameRow> rows;
  for (auto sum = all.begin(); sum != end; ++sum) {
    const auto name = std::span(texts).subspan(sum->name->text, sum->name->length);
    rows.push_back({wire::to_text(name), sum->queries, sum->error});
  }
  std::sort(rows.begin(), rows.end(), [](const NameRow& a, const NameRow& b) {
    return a.queries != b.queries ? a.queries > b.queries : a.name < b.name;
  });
  if (rows.size() > most) rows.resize(most);
  return rows;
}

TopNames::TopNames(unsigned partitions, std::size_t names_per_partition)
    : buckets_per_partition_(std::bit_ceil(std::max<std::size_t>(names_per_partition / kWays, 1))),
      buckets_(buckets_per_partition_ * partitions),
      table_(buckets_),
      text_heads_(buckets_ * kWays),
      text_rests_(buckets_ * kWays) {}

std::size_t TopNames::bucket_of(unsigned partition, std::uint64_t hash) const noexcept {
  return partition * buckets_per_partition_ + (hash & (buckets_per_partition_ - 1));
}

std::size_t TopNames::way_of(const Bucket& bucket, std::uint64_t hash) noexcept {
  return static_cast<std::size_t>(std::countr_zero(ways_of(bucket.hashes, hash) | kNoWay));
}

// The first of the least; which one it is cannot be guessed, so there is no branch.
std::size_t TopNames::least_way(const Bucket& bucket) noexcept {
  std::uint64_t least = bucket.queries[0];
  for (const std::uint64_t queries : bucket.queries) least = std::min(least, queries);
  return static_cast<std::size_t>(std::countr_zero(ways_of(bucket.queries, least)));
}

void TopNames::prefetch(unsigned partition, std::uint64_t hash) noexcept {
  const Bucket& bucket = table_[bucket_of(partition, hash)];
  prefetch_to_read(&bucket.hashes);
  prefetch_to_write(&bucket.queries);
}

void TopNames::add(unsigned partition, std::uint64_t hash, std::span<const std::uint8_t> name,
                   TopDomains* domains, std::uint64_t queries) noexcept {
  if (hash == 0) return;  // A free way's; no name has it but once in 2^64.
  const std::size_t at = bucket_of(partition, hash);
  Bucket& bucket = table_[at];
  const std::size_t way = way_of(bucket, hash);
  if (way != kWays) {
    bucket.queries[way] += queries;
    return;
  }
  if (name.empty()) return;
  const std::size_t least = least_way(bucket);
  if (domains != nullptr) {
    tell_rest(*domains, at, least);
    domains->add(partition, name, queries);
  }
  bucket.hashes[least] = hash;
  bucket.errors[least] = bucket.queries[least];
  bucket.queries[least] += queries;
  write_text(at * kWays + least, name);
}

void TopNames::write_text(std::size_t place, std::span<const std::uint8_t> name) noexcept {
  name = name.first(std::min(name.size(), wire::kMaxNameOctets));
  const auto head = name.first(std::min(name.size(), kHeadOctets));
  text_heads_[place].length = static_cast<std::uint8_t>(name.size());
  std::memcpy(text_heads_[place].octets.data(), head.data(), head.size());
  const auto rest = name.subspan(head.size());
  if (!rest.empty()) std::memcpy(text_rests_[place].data(), rest.data(), rest.size());
}

std::span<const std::uint8_t> TopNames::text(std::size_t place, Text& octets) const noexcept {
  const TextHead& head = text_heads_[place];
  const std::size_t head_octets = std::min<std::size_t>(head.length, kHeadOctets);
  std::memcpy(octets.data(), head.octets.data(), head_octets);
  if (head.length > kHeadOctets)
    std::memcpy(octets.data() + kHeadOctets, text_rests_[place].data(), head.length - kHeadOctets);
  return {octets.data(), head.length};
}

// All but the first query, which `domains` were told when it came: so in a flood of names that come once,
// what is overwritten need not be read.
void TopNames::tell_rest(TopDomains& domains, std::size_t at, std::size_t way) const noexcept {
  const Bucket& bucket = table_[at];
  const std::uint64_t since_it_came = bucket.queries[way] - bucket.errors[way];
  if (since_it_came <= 1) return;
  Text octets;
  domains.add(static_cast<unsigned>(at / buckets_per_partition_), text(at * kWays + way, octets),
              since_it_came - 1);
}

void TopNames::tell_rest(TopDomains& domains) const noexcept {
  for (std::size_t at = 0; at < buckets_; ++at) {
    for (std::size_t way = 0; way < kWays; ++way) tell_rest(domains, at, way);
  }
}

// With room for all: one that grows leaves twice as much memory touched.
NameTally TopNames::empty_tally() const {
  std::size_t names = 0;
  std::size_t octets = 0;
  for (std::size_t place = 0; place < buckets_ * kWays; ++place) {
    if (table_[place / kWays].queries[place % kWays] == 0) continue;
    ++names;
    octets += text_heads_[place].length;
  }
  NameTally tally;
  tally.floors.resize(buckets_per_partition_);
  tally.names.reserve(names);
  tally.texts.reserve(octets);
  return tally;
}

NameTally TopNames::tally() const {
  NameTally result = empty_tally();
  for (std::size_t at = 0; at < buckets_; ++at) {
    const Bucket& bucket = table_[at];
    const std::uint64_t floor = bucket.queries[least_way(bucket)];
    result.floors[at % buckets_per_partition_] += floor;
    for (std::size_t way = 0; way < kWays; ++way) {
      if (bucket.queries[way] == 0) continue;
      Text octets;
      const auto name = text(at * kWays + way, octets);
      result.names.push_back({.hash = bucket.hashes[way],
                              .queries = static_cast<std::int64_t>(bucket.queries[way] - floor),
                              .error = static_cast<std::int64_t>(bucket.errors[way] - floor),
                              .text = result.texts.size(),
                              .length = name.size()});
      result.texts.insert(result.texts.end(), name.begin(), name.end());
    }
  }
  return result;
}

void TopNames::clear() noexcept {
  table_.clear(0, buckets_);
  text_heads_.clear(0, buckets_ * kWays);
  text_rests_.clear(0, buckets_ * kWays);
}

}  // namespace aggregator
