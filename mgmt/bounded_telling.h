// Telling standard error of what may happen often, without filling the journal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace mgmt {

// A few lines at once, then one a second; how many were left out is said with the next. One thread.
class BoundedTelling {
 public:
  using Clock = std::chrono::steady_clock;

  // One line, without its end.
  void operator()(std::string_view line) { tell_at(line, Clock::now()); }

  // Returns whether the line was told.
  bool tell_at(std::string_view line, Clock::time_point now);

 private:
  static constexpr double kAtOnce = 60;

  double allowed_ = kAtOnce;
  Clock::time_point before_ = Clock::now();
  std::uint64_t left_out_ = 0;
};

}  // namespace mgmt
