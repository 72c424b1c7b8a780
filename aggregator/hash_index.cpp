#include "aggregator/hash_index.h"

namespace aggregator {
namespace {

constexpr std::size_t kMinLines = 128;

// At most 5 of 8 ways are used: one line in fifteen is overfull at worst, and a key costs 13 to 26 bytes.
constexpr bool crowded(std::size_t keys, std::size_t lines) noexcept {
  return keys > lines * 5;
}

std::size_t lines_for(std::size_t keys) noexcept {
  std::size_t lines = kMinLines;
  while (crowded(keys, lines)) lines *= 2;
  return lines;
}

}  // namespace

HashIndex::HashIndex(std::size_t max_keys)
    : lines_(kMinLines), generations_(2 * lines_for(max_keys)), table_(generations_.data() + lines_) {}

void HashIndex::insert(std::uint64_t hash, std::uint32_t place) noexcept {
  if (crowded(++keys_, lines_)) double_lines();
  put(static_cast<std::uint32_t>(hash), place + 1);
}

void HashIndex::move(std::uint64_t hash, std::uint32_t from, std::uint32_t to) noexcept {
  const Slot slot = slot_of(hash, from);
  table_[slot.line].places_plus_1[slot.way] = to + 1;
}

void HashIndex::erase(std::uint64_t hash, std::uint32_t place) noexcept {
  const Slot slot = slot_of(hash, place);
  const bool was_full = !has_free_way(slot.line);
  table_[slot.line].places_plus_1[slot.way] = 0;
  --keys_;
  if (was_full) [[unlikely]]
    close_gap(slot);
}

void HashIndex::clear() noexcept {
  generations_.clear(lines_, 2 * lines_);
  lines_ = kMinLines;
  keys_ = 0;
  table_ = generations_.data() + lines_;
}

HashIndex::Slot HashIndex::slot_of(std::uint64_t hash, std::uint32_t place) const noexcept {
  for (std::size_t line = hash & (lines_ - 1);; line = next(line)) {
    const std::uint64_t ways = ways_of(table_[line].places_plus_1, place + 1);
    if (ways != 0) return {line, first_way(ways)};
  }
}

void HashIndex::put(std::uint32_t hash, std::uint32_t place_plus_1) noexcept {
  std::size_t line = hash & (lines_ - 1);
  while (!has_free_way(line)) line = next(line);
  const std::size_t way = first_way(ways_of(table_[line].places_plus_1, 0));
  table_[line].hashes[way] = hash;
  table_[line].places_plus_1[way] = place_plus_1;
}

// A line that was full has a free way now, so keys behind it could no longer be found: one that passed it
// takes the way, and leaves a hole where it was.
void HashIndex::close_gap(Slot hole) noexcept {
  bool was_full = true;
  for (std::size_t line = next(hole.line); was_full; line = next(line)) {
    was_full = !has_free_way(line);
    const std::size_t way = way_from_before(line, hole.line);
    if (way == kWays) continue;
    table_[hole.line].hashes[hole.way] = table_[line].hashes[way];
    table_[hole.line].places_plus_1[hole.way] = table_[line].places_plus_1[way];
    table_[line].places_plus_1[way] = 0;
    hole = {line, way};
  }
}

// A way of the line whose key belongs into the line of the gap or before it; kWays if there is none.
std::size_t HashIndex::way_from_before(std::size_t line, std::size_t gap) const noexcept {
  for (std::size_t way = 0; way < kWays; ++way) {
    const std::size_t home = table_[line].hashes[way] & (lines_ - 1);
    if (table_[line].places_plus_1[way] != 0 && distance(home, line) >= distance(gap, line)) return way;
  }
  return kWays;
}

void HashIndex::double_lines() noexcept {
  const std::size_t old_lines = lines_;
  const Line* const old_table = table_;
  lines_ *= 2;
  table_ = generations_.data() + lines_;
  for (std::size_t line = 0; line < old_lines; ++line) {
    for (std::size_t way = 0; way < kWays; ++way) {
      if (old_table[line].places_plus_1[way] != 0)
        put(old_table[line].hashes[way], old_table[line].places_plus_1[way]);
    }
  }
  generations_.clear(old_lines, 2 * old_lines);
}

}  // namespace aggregator
