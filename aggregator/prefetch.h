// Asking for memory before it is needed.
#pragma once

#include <cstdint>

namespace aggregator {

// The place, or the first one where there is none. To ask for a place in vain costs less than a wrong guess,
// so this is computed: a compiler would make a branch of a choice.
inline std::uint32_t place_or_first(std::uint32_t place, std::uint32_t none) noexcept {
  return place & (0 - static_cast<std::uint32_t>(place != none));
}

// The empty asm is there for gcc 12, which takes a function that only prefetches for one without effect and
// deletes the calls to it.
inline void prefetch_to_read(const void* at) noexcept {
  __builtin_prefetch(at, 0);
  asm volatile("");
}

inline void prefetch_to_write(const void* at) noexcept {
  __builtin_prefetch(at, 1);
  asm volatile("");
}

}  // namespace aggregator
