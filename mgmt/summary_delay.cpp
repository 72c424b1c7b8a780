#include "mgmt/summary_delay.h"

#include <algorithm>

namespace mgmt {

DelayQuantiles SummaryDelays::quantiles() const {
  if (empty()) return {};
  return {quantile(0.50), quantile(0.99), *std::ranges::max_element(seconds_) + 1};
}

// The share of packets that took at most x grows with x: halved until nanoseconds do not matter.
double SummaryDelays::quantile(double share) const {
  double low = *std::ranges::min_element(seconds_);
  double high = *std::ranges::max_element(seconds_) + 1;
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    double within = 0;
    for (const double second : seconds_) within += std::clamp(middle - second, 0.0, 1.0);
    (within < share * static_cast<double>(seconds_.size()) ? low : high) = middle;
  }
  return high;
}

}  // namespace mgmt
