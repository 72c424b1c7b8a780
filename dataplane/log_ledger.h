// Where every line of the logs went.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "dataplane/log_facts.h"

namespace dataplane {

struct LogLedger {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;  // of them, unpacked
  std::array<std::uint64_t, kLogVerdicts> verdicts{};
  std::uint64_t time_went_back = 0;  // facts older than the one before of their log
  std::uint64_t bad_names = 0;       // queries whose name is none
  bool operator==(const LogLedger&) const = default;

  std::uint64_t& operator[](LogVerdict verdict) noexcept {
    return verdicts[static_cast<std::size_t>(verdict)];
  }
  std::uint64_t operator[](LogVerdict verdict) const noexcept {
    return verdicts[static_cast<std::size_t>(verdict)];
  }
  std::uint64_t sum_of_verdicts() const noexcept {
    return std::accumulate(verdicts.begin(), verdicts.end(), std::uint64_t{0});
  }

  LogLedger& operator+=(const LogLedger& other) noexcept {
    lines += other.lines;
    bytes += other.bytes;
    for (std::size_t i = 0; i < kLogVerdicts; ++i) verdicts[i] += other.verdicts[i];
    time_went_back += other.time_went_back;
    bad_names += other.bad_names;
    return *this;
  }
};

}  // namespace dataplane
