// Where a worker's events leave the dataplane: one ring for each shard.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/event_ring.h"
#include "dataplane/ledger.h"
#include "dataplane/name_matching.h"
#include "dataplane/partition.h"

namespace dataplane {

// Decides what a full ring means: wait (a file) or lose and count (a NIC).
class FullRing {
 public:
  virtual ~FullRing() = default;
  // Returns true once `ring` may have room, false to give the event up. Called on the worker's thread; all
  // events of frames before `order` have been published.
  virtual bool make_room(EventRing& ring) = 0;
};

// Where the key of an event leads (DESIGN, routing): to the shard of its client's partition, or all to shard
// 0.
enum class Routing : std::uint8_t {
  kByClient,
  kToFirst
};

// Belongs to one worker, borrows the rings and the policy.
class Outlet {
 public:
  Outlet(std::vector<EventRing*> rings, Routing routing, FullRing& full)
      : rings_(std::move(rings)),
        one_ring_(routing == Routing::kToFirst || rings_.size() == 1),
        full_(full) {}

  // A slot on the ring of `client`'s shard for an event of the frame `order`; null if it was lost.
  [[gnu::always_inline]] Event* claim(EventKind kind, const wire::Address& client, std::uint64_t order,
                                      Ledger& ledger) noexcept {
    ++ledger[kind];
    EventRing& ring = one_ring_ ? *rings_[0] : *rings_[partition_of(client) % rings_.size()];
    Event* slot = ring.claim();
    if (slot == nullptr) [[unlikely]]
      slot = wait_for_slot(ring, order, ledger);
    if (slot != nullptr) {
      slot->order = order;
      slot->kind = kind;
    }
    return slot;
  }

  // Whose slots must be written before they are published; borrowed.
  void finish_first(NameMatching& matching) noexcept { matching_ = &matching; }

  // At the end of a burst: every event of the frames up to `order` is on its ring.
  void publish(std::uint64_t order) noexcept {
    if (matching_ != nullptr) matching_->finish();
    for (EventRing* ring : rings_) ring->publish(order);
  }

 private:
  Event* wait_for_slot(EventRing& ring, std::uint64_t order, Ledger& ledger) noexcept;

  std::vector<EventRing*> rings_;
  bool one_ring_;
  FullRing& full_;
  NameMatching* matching_ = nullptr;
};

}  // namespace dataplane
