#include "aggregator/hash_index.h"

#include <algorithm>
#include <bit>

namespace aggregator {
namespace {

constexpr std::size_t kMinSlots = 1024;

// At most 5 of 8 slots are used: probes stay within a cache line or two, and a key costs 13 to 26 bytes.
constexpr bool crowded(std::size_t keys, std::size_t slots) noexcept {
  return keys * 8 > slots * 5;
}

std::size_t slots_for(std::size_t keys) noexcept {
  std::size_t slots = kMinSlots;
  while (crowded(keys, slots)) slots *= 2;
  return slots;
}

}  // namespace

HashIndex::HashIndex(std::size_t max_keys)
    : slots_(kMinSlots), generations_(2 * slots_for(max_keys)), table_(generations_.data() + slots_) {}

void HashIndex::insert(std::uint64_t hash, std::uint32_t place) noexcept {
  if (crowded(++keys_, slots_)) double_slots();
  put({static_cast<std::uint32_t>(hash), place + 1});
}

void HashIndex::move(std::uint64_t hash, std::uint32_t from, std::uint32_t to) noexcept {
  table_[slot_of(hash, from)].place_plus_1 = to + 1;
}

void HashIndex::erase(std::uint64_t hash, std::uint32_t place) noexcept {
  const std::size_t mask = slots_ - 1;
  std::size_t hole = slot_of(hash, place);
  for (std::size_t i = (hole + 1) & mask; table_[i].place_plus_1 != 0; i = (i + 1) & mask) {
    const std::size_t home = table_[i].hash & mask;
    if (((i - home) & mask) < ((i - hole) & mask)) continue;  // The hole lies before its home.
    table_[hole] = table_[i];
    hole = i;
  }
  table_[hole] = {};
  --keys_;
}

void HashIndex::clear() noexcept {
  generations_.clear(slots_, 2 * slots_);
  slots_ = kMinSlots;
  keys_ = 0;
  table_ = generations_.data() + slots_;
}

std::size_t HashIndex::slot_of(std::uint64_t hash, std::uint32_t place) const noexcept {
  std::size_t i = hash & (slots_ - 1);
  while (table_[i].place_plus_1 != place + 1) i = (i + 1) & (slots_ - 1);
  return i;
}

void HashIndex::put(Slot slot) noexcept {
  std::size_t i = slot.hash & (slots_ - 1);
  while (table_[i].place_plus_1 != 0) i = (i + 1) & (slots_ - 1);
  table_[i] = slot;
}

void HashIndex::double_slots() noexcept {
  const std::size_t old_slots = slots_;
  const Slot* const old_table = table_;
  slots_ *= 2;
  table_ = generations_.data() + slots_;
  for (std::size_t i = 0; i < old_slots; ++i) {
    if (old_table[i].place_plus_1 != 0) put(old_table[i]);
  }
  generations_.clear(old_slots, 2 * old_slots);
}

}  // namespace aggregator
