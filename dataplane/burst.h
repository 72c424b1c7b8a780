// How many frames travel together.
#pragma once

#include <cstddef>

namespace dataplane {

// Enough to hide one cache miss behind the next, and few enough for the frames to stay in the L2 cache.
inline constexpr std::size_t kBurstFrames = 64;

}  // namespace dataplane
