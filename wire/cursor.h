// A place in a frame while its headers are peeled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "wire/big_endian.h"

namespace wire {

// The bytes that are here, and how many more were on the wire but not captured.
struct Cursor {
  const std::uint8_t* at;
  const std::uint8_t* end;
  std::size_t missing;  // octets after `end` that the capture's snap length took

  std::size_t size() const noexcept { return static_cast<std::size_t>(end - at); }
  std::size_t wire_size() const noexcept { return size() + missing; }
  bool has(std::size_t octets) const noexcept { return size() >= octets; }

  // Forgets what lies beyond `octets` from here: padding, trailers.
  void limit(std::size_t octets) noexcept {
    if (octets <= size()) {
      end = at + octets;
      missing = 0;
    } else if (octets < wire_size()) {
      missing = octets - size();
    }
  }
};

}  // namespace wire
