// Poisson arrivals: never regular, as little as people are.
#pragma once

#include <cstdint>

#include "dataplane/traffic/random.h"
#include "tests/support/world/day_shape.h"
#include "tests/support/world/nanos.h"

namespace tests::world {

using dataplane::traffic::Random;

// A mean number of arrivals in 1000 s, at least 4: so that slow ones are integers, too.
struct Rate {
  std::uint32_t per_1000_s = 0;
};
constexpr Rate per_second(std::uint32_t count) {
  return {1000 * count};
}

inline Nanos exponential(Random& random, Nanos mean) {
  constexpr Nanos kFinest = 1 << 28;
  if (mean < kFinest) return static_cast<Nanos>(random.exponential(static_cast<std::uint32_t>(mean)));
  const auto whole = static_cast<Nanos>(random.exponential(static_cast<std::uint32_t>(mean / kMicrosecond)));
  return whole * kMicrosecond + random.below(kMicrosecond);
}

inline Nanos gap(Random& random, Rate rate) {
  return exponential(random, 1000 * kSecond / rate.per_1000_s);
}

// In [least, most).
inline Nanos between(Random& random, Nanos least, Nanos most) {
  return least + static_cast<Nanos>(random.next() % static_cast<std::uint64_t>(most - least));
}

// Calls visit(Nanos) for each arrival in `span`.
template <class Visit>
void each_arrival(Random& random, Rate rate, const Span& span, Visit&& visit) {
  for (Nanos at = span.from + gap(random, rate); at < span.until; at += gap(random, rate)) visit(at);
}

// At a rate that follows the day: of the arrivals at the highest rate each stays with the probability that it
// has at its time (Lewis and Shedler, thinning, 1979).
template <class Visit>
void each_arrival(Random& random, Rate nominal, const DayShape& shape, const Span& span, Visit&& visit) {
  const Rate highest = {nominal.per_1000_s * (DayShape::kMaxPermille / 100) / 10};
  each_arrival(random, highest, span, [&](Nanos at) {
    if (random.below(DayShape::kMaxPermille) < shape.permille(at)) visit(at);
  });
}

}  // namespace tests::world
