// The frames that a tap saw, in order of time, and the capture file made of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "tests/support/world/nanos.h"

namespace tests::world {

class Tape {
 public:
  // Keeps what happens in here; all else is forgotten.
  explicit Tape(Span recorded) : recorded_(recorded) {}

  // In any order of time.
  void put(Nanos time, std::span<const std::uint8_t> frame);

  // Frames of the same time stay in the order they were put.
  void sort();

  struct Mark {
    Nanos time = 0;
    std::size_t offset = 0;
    std::uint32_t octets = 0;
  };
  const std::vector<Mark>& marks() const noexcept { return marks_; }
  std::span<const std::uint8_t> frame(const Mark& mark) const noexcept {
    return std::span(octets_).subspan(mark.offset, mark.octets);
  }

 private:
  Span recorded_;
  std::vector<Mark> marks_;
  std::vector<std::uint8_t> octets_;
};

// Writes a pcap file, in nanoseconds, of sorted tapes as if all had been one. Throws std::runtime_error if it
// cannot be written.
void write_pcap(const std::string& path, std::initializer_list<const Tape*> tapes);

}  // namespace tests::world
