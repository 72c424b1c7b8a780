#include "aggregator/resolution_table.h"

namespace aggregator {
namespace {

constexpr std::uint32_t kHighestBit = std::uint32_t{1} << 31;

constexpr std::size_t round_up(std::size_t size, std::size_t step) noexcept {
  return (std::max<std::size_t>(size, 1) + step - 1) / step * step;
}

}  // namespace

ResolutionTable::ResolutionTable(const ResolutionSettings& settings, const KeyedHash& hash)
    : lines_per_partition_(round_up(settings.keys_per_partition * kPlacesPerKey / kWays, kPageLines)),
      grace_s_(settings.grace_s),
      longest_ttl_s_(settings.longest_ttl_s),
      hash_(hash),
      evicted_(settings.partitions),
      lines_(settings.partitions * lines_per_partition_) {}

void ResolutionTable::told(unsigned partition, std::uint64_t hash, ToldBy by, std::uint32_t now_s,
                           std::uint32_t ttl_s) noexcept {
  const Slot slot = slot_for(partition, hash, now_s);
  auto& ends_s = by == ToldBy::kAnswer ? slot.line.answer_ends_s : slot.line.hint_ends_s;
  ends_s[slot.way] = std::max(ends_s[slot.way], end_of(now_s, ttl_s));
}

std::optional<ToldBy> ResolutionTable::judge(unsigned partition, std::uint64_t hash,
                                             std::uint32_t now_s) const noexcept {
  for (const std::size_t at : pair_of(partition, hash)) {
    const Line& line = lines_[at];
    const std::size_t way = line.way_of(hash);
    if (way == kWays) continue;
    if (now_s < line.answer_ends_s[way]) return ToldBy::kAnswer;
    if (now_s < line.hint_ends_s[way]) return ToldBy::kHint;
  }
  return std::nullopt;
}

std::uint32_t ResolutionTable::end_of(std::uint32_t now_s, std::uint32_t ttl_s) const noexcept {
  const std::uint64_t ttl = ttl_s < kHighestBit ? std::min(ttl_s, longest_ttl_s_) : 0;
  const std::uint64_t end = now_s + ttl + grace_s_ + 1;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(end, std::numeric_limits<std::uint32_t>::max()));
}

ResolutionTable::Slot ResolutionTable::slot_for(unsigned partition, std::uint64_t hash,
                                                std::uint32_t now_s) noexcept {
  const Pair pair = pair_of(partition, hash);
  for (const std::size_t at : pair) {
    const std::size_t way = lines_[at].way_of(hash);
    if (way != kWays) return {lines_[at], way};
  }
  const Slot slot = claim(partition, lines_[pair[0]], lines_[pair[1]], now_s);
  slot.line.hashes[slot.way] = hash;
  slot.line.answer_ends_s[slot.way] = slot.line.hint_ends_s[slot.way] = 0;
  return slot;
}

// The line with more room keeps the two even (Azar et al., Balanced Allocations, 1994); in it, and between
// two full ones, the key that ends first goes. A free way ended in 1970.
ResolutionTable::Slot ResolutionTable::claim(unsigned partition, Line& first, Line& second,
                                             std::uint32_t now_s) noexcept {
  const Slot of_first = {first, first.first_to_end()};
  const Slot of_second = {second, second.first_to_end()};
  const unsigned first_held = first.held(now_s);
  const unsigned second_held = second.held(now_s);
  const bool take_second = first_held != second_held
                               ? second_held < first_held
                               : second.ends_s(of_second.way) < first.ends_s(of_first.way);
  const Slot slot = take_second ? of_second : of_first;
  if (now_s < slot.line.ends_s(slot.way)) ++evicted_[partition];
  return slot;
}

std::size_t ResolutionTable::Line::way_of(std::uint64_t hash) const noexcept {
  unsigned ways = 1u << kWays;
  for (std::size_t way = 0; way < kWays; ++way) ways |= unsigned{hashes[way] == hash} << way;
  return static_cast<std::size_t>(std::countr_zero(ways));
}

std::size_t ResolutionTable::Line::first_to_end() const noexcept {
  std::size_t first = 0;
  for (std::size_t way = 1; way < kWays; ++way) {
    if (ends_s(way) < ends_s(first)) first = way;
  }
  return first;
}

unsigned ResolutionTable::Line::held(std::uint32_t now_s) const noexcept {
  unsigned held = 0;
  for (std::size_t way = 0; way < kWays; ++way) held += now_s < ends_s(way);
  return held;
}

}  // namespace aggregator
