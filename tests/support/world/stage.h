// Where a behaviour plays: the tap that sees it, the campus' name server, and the time it has.
#pragma once

#include <cstdint>

#include "tests/support/world/arrivals.h"
#include "tests/support/world/day_shape.h"
#include "tests/support/world/resolver.h"
#include "tests/support/world/tap.h"

namespace tests::world {

struct Stage {
  Tap& tap;
  Resolver& resolver;
  const DayShape& shape;
  Span span;
  std::uint64_t seed = 0;

  // Each behaviour draws from numbers of its own, so that none changes what another does.
  Random random(std::uint64_t behaviour) const {
    return Random(wire::mix(seed + wire::kHashSeedA, behaviour + wire::kHashSeedB));
  }
};

}  // namespace tests::world
