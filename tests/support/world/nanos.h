// Time in the made-up campus: nanoseconds since the first instant of the capture; below zero before it.
#pragma once

#include <cstdint>

namespace tests::world {

using Nanos = std::int64_t;

inline constexpr Nanos kMicrosecond = 1'000;
inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;

// When captures begin: Wednesday 15 November 2023, 09:00 UTC.
inline constexpr Nanos kCaptureStartNs = 1'700'038'800 * kSecond;

// [from, until)
struct Span {
  Nanos from = 0;
  Nanos until = 0;

  bool contains(Nanos time) const noexcept { return from <= time && time < until; }
};

}  // namespace tests::world
