// A value that readers use while it is replaced: read-copy-update without a lock.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "dataplane/event.h"

namespace dataplane {

// What workers go by and a controlling thread may change: patterns, local domains, settings. Each reader has
// a number and one thread. It asks once a burst, so a burst never sees two values; while nothing changes that
// costs a load and a comparison. One thread at a time replaces.
template <class Value>
class Current {
 public:
  Current(std::unique_ptr<const Value> value, std::size_t readers) : places_(readers), value_(value.get()) {
    kept_.push_back(std::move(value));
  }

  // Reader `reader`. The newest value; it lives until this reader asks again or leaves.
  const Value& read(std::size_t reader) noexcept {
    std::atomic<const Value*>& place = places_[reader].reading;
    const Value* value = value_.load(std::memory_order_acquire);
    // Said before it is used, and looked at again in case it was replaced before it was said.
    while (value != place.load(std::memory_order_relaxed)) {
      place.store(value, std::memory_order_seq_cst);
      value = value_.load(std::memory_order_seq_cst);
    }
    return *value;
  }

  // Reader `reader` will not ask again.
  void leave(std::size_t reader) noexcept {
    places_[reader].reading.store(nullptr, std::memory_order_release);
  }

  // Readers find `value` from now on. Values that none of them reads any more are destroyed, here and now.
  void replace(std::unique_ptr<const Value> value) {
    kept_.push_back(std::move(value));
    value_.store(kept_.back().get(), std::memory_order_seq_cst);
    destroy_unread();
  }

  // Returns how many replaced values are still read by somebody.
  std::size_t destroy_unread() noexcept {
    const Value* newest = kept_.back().get();
    std::erase_if(kept_, [&](const auto& value) { return value.get() != newest && !is_read(value.get()); });
    return kept_.size() - 1;
  }

 private:
  struct alignas(kCacheLine) Place {
    std::atomic<const Value*> reading{nullptr};
  };

  bool is_read(const Value* value) const noexcept {
    return std::ranges::any_of(places_, [value](const Place& place) {
      return place.reading.load(std::memory_order_seq_cst) == value;
    });
  }

  std::vector<Place> places_;
  alignas(kCacheLine) std::atomic<const Value*> value_;
  std::vector<std::unique_ptr<const Value>> kept_;  // the newest is the last
};

}  // namespace dataplane
