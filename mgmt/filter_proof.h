// Whether what a NIC filters away is really of no interest: now and then it lets everything through, and the
// seconds with and without its rules are compared.
#pragma once

#include <cstdint>

namespace mgmt {

// One thread. A second of packet time counts as unfiltered only if no rule was in force in any part of it.
class FilterProof {
 public:
  static constexpr std::int64_t kRoundNs = 64'000'000'000;      // of which
  static constexpr std::int64_t kUnfilteredNs = 3'000'000'000;  // are unfiltered

  explicit FilterProof(std::int64_t start_ns) : start_ns_(start_ns) {}

  // What the rules should do at this time, by the clock that packet time comes from.
  bool should_drop(std::int64_t now_ns) const noexcept {
    return (now_ns - start_ns_) % kRoundNs >= kUnfilteredNs;
  }

  // A second of packet time and how many frames of interest (DNS, connection attempts) were in it. Seconds
  // come in order.
  void count(std::uint64_t window, std::uint64_t frames) noexcept;

  std::uint64_t unfiltered_seconds() const noexcept { return unfiltered_.seconds; }

  // How many times as many frames of interest an unfiltered second has as a filtered one shortly before or
  // after: about 1 if nothing is hidden, infinite if all is. 0 as long as it cannot be said.
  double ratio() const noexcept;

 private:
  struct Sum {
    std::uint64_t seconds = 0;
    std::uint64_t frames = 0;
    double mean() const noexcept { return static_cast<double>(frames) / static_cast<double>(seconds); }
  };

  void count_one(std::uint64_t window, std::uint64_t frames) noexcept;

  std::int64_t start_ns_;
  std::uint64_t next_window_ = 0;
  Sum unfiltered_;
  Sum filtered_;  // near the unfiltered ones, as traffic changes over the day
};

}  // namespace mgmt
