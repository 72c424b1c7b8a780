// The shard's side of a worker's ring, for a clock that is on the worker only.
#pragma once

#include "dataplane/outlet.h"

namespace bench {

// Takes the events and forgets them.
class Discard : public dataplane::FullRing {
 public:
  bool make_room(dataplane::EventRing& ring) override {
    for (auto events = ring.readable(); !events.empty(); events = ring.readable())
      ring.release(events.size());
    ring.rewind();
    return true;
  }
};

}  // namespace bench
