// The highest rate that a device takes, by halving, as RFC 2544 section 26.1 asks for throughput.
#pragma once

#include <concepts>

namespace mgmt {

struct RateBounds {
  double least;       // frames per second; below it the device is taken to hold nothing
  double most;        // what can be offered at all
  double resolution;  // the share of the rate that the answer may fall short by
};

struct RateFound {
  double rate = 0;       // 0: not even the least
  bool is_most = false;  // the device may hold more than could be offered
  unsigned trials = 0;
};

// `passes(rate)` makes a trial. A device that holds a rate is taken to hold all lower ones.
template <std::predicate<double> Trial>
RateFound highest_rate(const RateBounds& bounds, Trial&& passes) {
  RateFound found;
  const auto trial = [&](double rate) {
    ++found.trials;
    const bool passed = passes(rate);
    if (passed) found.rate = rate;
    return passed;
  };
  if (trial(bounds.most)) {
    found.is_most = true;
    return found;
  }
  for (double too_high = bounds.most;
       too_high > bounds.least && too_high - found.rate > bounds.resolution * too_high;) {
    const double middle = (found.rate + too_high) / 2;
    if (!trial(middle)) too_high = middle;
  }
  return found;
}

}  // namespace mgmt
