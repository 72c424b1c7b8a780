// How many frames travel together.
#pragma once

#include <cstddef>

namespace dataplane {

// Enough to hide one cache miss behind the next, and few enough that the frames stay in the second-level cache.
inline constexpr std::size_t kBurstFrames = 64;

}  // namespace dataplane
