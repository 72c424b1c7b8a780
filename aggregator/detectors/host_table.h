// What is remembered of each of many hosts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "aggregator/hash_index.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/prefetch.h"
#include "wire/address.h"

namespace aggregator {

// Holds up to `capacity` hosts. A new one takes the place of that of the next sixteen in the circle which was
// not seen for longest; if all of these were seen in this very step, it finds no room. One thread.
template <class State>
class HostTable {
 public:
  explicit HostTable(std::size_t capacity) : capacity_(capacity), index_(capacity) {
    entries_.reserve(capacity);
  }

  void prefetch(const wire::Address& host) const noexcept { index_.prefetch(hash_(host)); }

  State* find(const wire::Address& host) noexcept {
    const std::uint32_t place = place_of(host, hash_(host));
    return place == HashIndex::kNone ? nullptr : &entries_[place].state;
  }

  // The state of a host that does something in this step, made if it has none; null if it finds no room.
  State* at(const wire::Address& host, std::int64_t step) {
    const std::uint64_t hash = hash_(host);
    std::uint32_t place = place_of(host, hash);
    if (place == HashIndex::kNone) place = new_place(host, hash, step);
    if (place == HashIndex::kNone) return nullptr;
    entries_[place].last_step = step;
    return &entries_[place].state;
  }

  // In no order that means anything.
  template <class Visit>
  void visit(Visit&& visit) const {
    for (const Entry& entry : entries_) visit(entry.host, entry.state);
  }

  std::size_t size() const noexcept { return entries_.size(); }
  std::uint64_t evicted() const noexcept { return evicted_; }
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  static constexpr std::size_t kLooks = 16;

  struct Entry {
    wire::Address host;
    std::int64_t last_step;
    State state;
  };

  std::uint32_t place_of(const wire::Address& host, std::uint64_t hash) const noexcept {
    return index_.find(hash, [&](std::uint32_t at) { return entries_[at].host == host; });
  }

  std::uint32_t new_place(const wire::Address& host, std::uint64_t hash, std::int64_t step) {
    std::uint32_t place = static_cast<std::uint32_t>(entries_.size());
    if (entries_.size() < capacity_) {
      entries_.push_back({host, step, State{}});
    } else {
      place = least_lately_seen();
      Entry& entry = entries_[place];
      if (entry.last_step == step) {
        ++refused_;
        return HashIndex::kNone;
      }
      ++evicted_;
      index_.erase(hash_(entry.host), place);
      entry = {host, step, State{}};
    }
    index_.insert(hash, place);
    return place;
  }

  std::uint32_t least_lately_seen() noexcept {
    std::size_t oldest = hand_;
    for (std::size_t look = 0; look < kLooks; ++look) {
      if (entries_[hand_].last_step < entries_[oldest].last_step) oldest = hand_;
      hand_ = (hand_ + 1) % entries_.size();
    }
    return static_cast<std::uint32_t>(oldest);
  }

  std::size_t capacity_;
  KeyedHash hash_;
  HashIndex index_;
  std::vector<Entry> entries_;
  std::size_t hand_ = 0;
  std::uint64_t evicted_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace aggregator
