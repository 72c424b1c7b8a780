// A hash table of fixed capacity whose entries also stand in queues, least recently used first.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <vector>

namespace dataplane {

// Key has == and hash(seed). One thread. All memory comes with construction: where a full table puts its next
// entry is the owner's choice, who erases the oldest() of a queue first.
template <class Key, class Value, std::size_t Queues = 1>
class LruTable {
 public:
  using Slot = std::uint32_t;
  static constexpr Slot kNone = ~Slot{0};

  // The memory for entries is set aside here, and first touched when an entry is first used.
  explicit LruTable(std::uint32_t capacity) : buckets_(std::bit_ceil(capacity), kNone) {
    entries_.reserve(capacity);
    capacity_ = capacity;
  }

  Slot find(const Key& key) const noexcept {
    Slot slot = buckets_[bucket_of(key)];
    while (slot != kNone && !(entries_[slot].key == key)) slot = entries_[slot].chain;
    return slot;
  }

  // The key is new and the table is not full. The entry is the newest of its queue.
  Slot insert(const Key& key, std::uint8_t queue = 0) noexcept {
    const Slot slot = take_free();
    Entry& entry = entries_[slot];
    entry.key = key;
    entry.value = Value{};
    Slot& bucket = buckets_[bucket_of(key)];
    entry.chain = bucket;
    bucket = slot;
    append(slot, queue);
    return slot;
  }

  void erase(Slot slot) noexcept {
    Slot* link = &buckets_[bucket_of(entries_[slot].key)];
    while (*link != slot) link = &entries_[*link].chain;
    *link = entries_[slot].chain;
    remove(slot);
    release(slot);
  }

  // Makes the entry the newest of `queue`.
  void touch(Slot slot, std::uint8_t queue = 0) noexcept {
    if (queues_[queue].newest == slot) return;
    remove(slot);
    append(slot, queue);
  }

  bool full() const noexcept { return free_ == kNone && entries_.size() == capacity_; }
  Slot oldest(std::uint8_t queue = 0) const noexcept { return queues_[queue].oldest; }
  std::uint32_t size(std::uint8_t queue = 0) const noexcept { return queues_[queue].size; }
  Value& operator[](Slot slot) noexcept { return entries_[slot].value; }
  const Value& operator[](Slot slot) const noexcept { return entries_[slot].value; }

 private:
  struct Entry {
    Key key{};
    Slot chain = kNone;  // the next in the bucket, or in the list of free entries
    Slot older = kNone;
    Slot newer = kNone;
    std::uint8_t queue = 0;
    Value value{};
  };
  struct Queue {
    Slot oldest = kNone;
    Slot newest = kNone;
    std::uint32_t size = 0;
  };

  std::size_t bucket_of(const Key& key) const noexcept { return key.hash(seed_) & (buckets_.size() - 1); }

  Slot take_free() noexcept {
    if (free_ == kNone) {
      entries_.emplace_back();
      return static_cast<Slot>(entries_.size() - 1);
    }
    const Slot slot = free_;
    free_ = entries_[slot].chain;
    return slot;
  }

  void release(Slot slot) noexcept {
    entries_[slot].chain = free_;
    free_ = slot;
  }

  void append(Slot slot, std::uint8_t number) noexcept {
    Queue& queue = queues_[number];
    Entry& entry = entries_[slot];
    entry.queue = number;
    entry.older = queue.newest;
    entry.newer = kNone;
    (queue.newest == kNone ? queue.oldest : entries_[queue.newest].newer) = slot;
    queue.newest = slot;
    ++queue.size;
  }

  void remove(Slot slot) noexcept {
    const Entry& entry = entries_[slot];
    Queue& queue = queues_[entry.queue];
    (entry.older == kNone ? queue.oldest : entries_[entry.older].newer) = entry.newer;
    (entry.newer == kNone ? queue.newest : entries_[entry.newer].older) = entry.older;
    --queue.size;
  }

  // Strangers write the keys: with a secret seed they cannot choose many that share a bucket. What is found
  // and what is evicted does not depend on it.
  std::uint64_t seed_ = (std::uint64_t{std::random_device{}()} << 32) | std::random_device{}();
  std::vector<Slot> buckets_;
  std::vector<Entry> entries_;  // never grows beyond what is reserved
  std::size_t capacity_ = 0;
  std::array<Queue, Queues> queues_{};
  Slot free_ = kNone;
};

}  // namespace dataplane
