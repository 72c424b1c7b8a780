// The keys that are counted most, in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi 2005).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "aggregator/hash_index.h"

namespace aggregator {

struct NoNote {};

// count - error <= true count <= count of every key that it holds, and whoever it does not hold was counted
// at most as often as the least of a full table: at most the sum of all counts over the capacity. `Note` is
// kept with a key from when it found its place. Equal calls give equal rows, whatever the hashes. One thread.
template <class Key, class Note = NoNote>
class SpaceSaving {
 public:
  struct Row {
    Key key;
    std::uint64_t count = 0;
    std::uint64_t error = 0;
    Note note;
  };

  // Throws std::runtime_error if the memory cannot be had.
  explicit SpaceSaving(std::size_t capacity) : capacity_(capacity), index_(capacity) {}

  Note& add(const Key& key, std::uint64_t hash, std::uint64_t count) {
    std::uint32_t place = index_.find(hash, [&](std::uint32_t at) { return entries_[at].row.key == key; });
    if (place == HashIndex::kNone) {
      place = entries_.size() < capacity_ ? new_place() : least_place();
      entries_[place].hash = hash;
      entries_[place].row.key = key;
      index_.insert(hash, place);
    }
    entries_[place].row.count += count;
    sink(entries_[place].heap_at);
    return entries_[place].row.note;
  }

  // So many more were counted, and which keys they were is not known.
  void add_unknown(std::uint64_t count) noexcept { unknown_ += count; }

  // Highest count first, then by key; at most `most`.
  std::vector<Row> top(std::size_t most) const {
    std::vector<Row> rows;
    rows.reserve(entries_.size());
    for (const Entry& entry : entries_) rows.push_back(entry.row);
    const auto shown = rows.begin() + static_cast<std::ptrdiff_t>(std::min(most, rows.size()));
    std::partial_sort(rows.begin(), shown, rows.end(), [](const Row& a, const Row& b) {
      return a.count != b.count ? a.count > b.count : a.key < b.key;
    });
    rows.erase(shown, rows.end());
    for (Row& row : rows) {
      row.count += unknown_;
      row.error += unknown_;
    }
    return rows;
  }

  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    Row row;
    std::uint64_t hash = 0;
    std::size_t heap_at = 0;
  };

  std::uint32_t new_place() {
    const auto place = static_cast<std::uint32_t>(entries_.size());
    entries_.emplace_back();
    heap_.push_back(place);
    entries_[place].heap_at = place;
    rise(place);
    return place;
  }

  // Its key makes room, and leaves its count as possible error.
  std::uint32_t least_place() {
    const std::uint32_t place = heap_.front();
    Entry& entry = entries_[place];
    index_.erase(entry.hash, place);
    entry.row.error = entry.row.count;
    entry.row.note = Note{};
    return place;
  }

  std::uint64_t count_at(std::size_t at) const noexcept { return entries_[heap_[at]].row.count; }

  void swap_at(std::size_t a, std::size_t b) noexcept {
    std::swap(heap_[a], heap_[b]);
    entries_[heap_[a]].heap_at = a;
    entries_[heap_[b]].heap_at = b;
  }

  void rise(std::size_t at) noexcept {
    for (; at > 0 && count_at(at) < count_at((at - 1) / 2); at = (at - 1) / 2) swap_at(at, (at - 1) / 2);
  }

  void sink(std::size_t at) noexcept {
    for (;;) {
      std::size_t least = at;
      for (const std::size_t child : {2 * at + 1, 2 * at + 2}) {
        if (child < heap_.size() && count_at(child) < count_at(least)) least = child;
      }
      if (least == at) return;
      swap_at(at, least);
      at = least;
    }
  }

  std::size_t capacity_;
  HashIndex index_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> heap_;  // places, the least count in front
  std::uint64_t unknown_ = 0;
};

}  // namespace aggregator
