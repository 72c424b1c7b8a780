// How much of a count that only grows is of the last minute.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace mgmt {

// One thread, which looks now and then.
class RecentLosses {
 public:
  using Clock = std::chrono::steady_clock;

  std::uint64_t of_last_minute(std::uint64_t count, Clock::time_point now) {
    constexpr std::chrono::minutes kKept{1};
    constexpr std::chrono::seconds kBetweenSamples{1};
    while (samples_.size() > 1 && samples_[1].at <= now - kKept) samples_.pop_front();
    if (now - samples_.back().at >= kBetweenSamples) samples_.push_back({now, count});
    return count - samples_.front().count;
  }

 private:
  struct Sample {
    Clock::time_point at;
    std::uint64_t count;
  };
  std::deque<Sample> samples_ = {{Clock::now(), 0}};  // at most one a second
};

}  // namespace mgmt
