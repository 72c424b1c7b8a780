// What most frames are, told without guessing: which of them comes next is what no processor can predict.
#pragma once

#include "wire/octet_glance.h"
#include "wire/vector_glance.h"

namespace wire {

// Tells TCP and UDP in IP without options, extension headers or fragments, in Ethernet with at most one tag
// (0x8100); UDP with 12 octets or more. Never reads beyond frame.length.
inline Glance glance(const Frame& frame) noexcept {
#ifdef TAPLINE_VECTOR_GLANCE
  return vector_glance(frame);
#else
  return octet_glance(frame);
#endif
}

}  // namespace wire
