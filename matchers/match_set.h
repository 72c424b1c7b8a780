// Which patterns a name matches.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace matchers {

// Places of patterns in their file's order, ascending, from 0. Where more match than there is room for, the
// first of them and that there were more. Goes by value.
struct MatchSet {
  static constexpr std::size_t kMost = 11;

  std::array<std::uint32_t, kMost> places{};
  std::uint8_t count = 0;
  bool more = false;

  std::span<const std::uint32_t> matched() const noexcept { return {places.data(), count}; }

  // In any order, and as often as one likes.
  void add(std::uint32_t place) noexcept {
    std::size_t at = count;
    while (at > 0 && places[at - 1] > place) --at;
    if (at > 0 && places[at - 1] == place) return;
    if (count == kMost) {
      more = true;
      if (at == kMost) return;
      --count;
    }
    std::copy_backward(places.begin() + at, places.begin() + count, places.begin() + count + 1);
    places[at] = place;
    ++count;
  }

  bool operator==(const MatchSet& other) const noexcept {
    return more == other.more && std::ranges::equal(matched(), other.matched());
  }
};

}  // namespace matchers
