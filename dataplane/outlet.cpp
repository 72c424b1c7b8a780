#include "dataplane/outlet.h"

namespace dataplane {

// The frame that waits announces all before it: the worker with the oldest frame can then always be served,
// so workers that wait for shards that wait for workers never wait in a circle.
Event* Outlet::wait_for_slot(EventRing& ring, std::uint64_t order, Ledger& ledger) noexcept {
  publish(order - 1);
  while (full_.make_room(ring)) {
    if (Event* slot = ring.claim()) return slot;
  }
  ++ledger.ring_full;
  return nullptr;
}

}  // namespace dataplane
