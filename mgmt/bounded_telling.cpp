#include "mgmt/bounded_telling.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mgmt/standard_error.h"

namespace mgmt {

bool BoundedTelling::tell_at(std::string_view line, Clock::time_point now) {
  const std::chrono::duration<double> passed = now - std::exchange(before_, now);
  allowed_ = std::min(kAtOnce, allowed_ + passed.count());
  if (allowed_ < 1) {
    ++left_out_;
    return false;
  }
  allowed_ -= 1;
  if (const std::uint64_t left_out = std::exchange(left_out_, 0); left_out > 0)
    tell(fmt::format("tapline: {} lines like the next were left out\n", left_out));
  tell(fmt::format("tapline: {}\n", line));
  return true;
}

}  // namespace mgmt
