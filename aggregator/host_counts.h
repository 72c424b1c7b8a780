// The counts of one host over some time.
#pragma once

#include <array>
#include <cstdint>

#include "aggregator/host_field.h"

namespace aggregator {

template <class Count>
struct BasicHostCounts {
  std::array<Count, kHostFields> of{};

  Count& operator[](HostField field) noexcept { return of[static_cast<std::size_t>(field)]; }
  Count operator[](HostField field) const noexcept { return of[static_cast<std::size_t>(field)]; }

  std::uint64_t sum(HostFields group) const noexcept {
    std::uint64_t sum = 0;
    for (auto i = static_cast<std::size_t>(group.first); i <= static_cast<std::size_t>(group.last); ++i) {
      sum += of[i];
    }
    return sum;
  }

  std::uint64_t queries() const noexcept { return sum(kQueryFields); }
  std::uint64_t responses() const noexcept { return sum(kResponseFields); }
  std::uint64_t connections() const noexcept { return sum(kConnectFields); }
  std::uint64_t asked() const noexcept { return sum(kAskedFields); }
  std::uint64_t sent() const noexcept { return sum(kSentFields); }
  std::uint64_t received() const noexcept { return sum(kReceivedFields); }

  template <class Other>
  BasicHostCounts& operator+=(const BasicHostCounts<Other>& other) noexcept {
    for (std::size_t i = 0; i < kHostFields; ++i) of[i] += static_cast<Count>(other.of[i]);
    return *this;
  }
};

using HostCounts = BasicHostCounts<std::uint64_t>;

}  // namespace aggregator
