// The ripple of a count over time, such as of mail that is tried again every half an hour.
#pragma once

#include <cstddef>
#include <span>

namespace aggregator {

struct Ripple {
  double period = 0;  // steps
  double share = 0;   // of the variance about the trend that it makes
  double chance = 1;  // that noise alone has a period with such a share
};

// The strongest period of at least four steps that comes three times or more, from the periodogram of the
// counts less a straight line and slower waves. `chance` is Fisher's (Tests of significance in harmonic
// analysis, 1929): with m candidates and the greatest having the share g of the sum of their powers, each
// exceeds g by chance with (1 - g)^(m - 1), and m are looked at. So noise is taken to be as strong at all
// frequencies. No ripple, with a chance of 1, in fewer than 24 steps or where nothing changes. O(n^2).
Ripple find_ripple(std::span<const double> counts);

}  // namespace aggregator
