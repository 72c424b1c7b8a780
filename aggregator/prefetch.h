// Asking for memory before it is needed.
#pragma once

namespace aggregator {

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
