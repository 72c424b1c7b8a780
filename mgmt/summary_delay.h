// How long a packet takes to be in a Summary: it waits for its second to end, and then for the merger.
#pragma once

#include <vector>

namespace mgmt {

struct DelayQuantiles {
  double p50_s = 0;
  double p99_s = 0;
  double max_s = 0;
};

// Packets are spread evenly over each second, so those of a second that the merger had `d` after its end took
// from d to d + 1 s.
class SummaryDelays {
 public:
  // Of one second.
  void add(double after_its_end_s) { seconds_.push_back(after_its_end_s); }

  bool empty() const noexcept { return seconds_.empty(); }
  DelayQuantiles quantiles() const;

 private:
  double quantile(double share) const;

  std::vector<double> seconds_;
};

}  // namespace mgmt
