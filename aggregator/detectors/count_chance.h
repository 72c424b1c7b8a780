// How likely counts are that come at random.
#pragma once

namespace aggregator {

// log10 of P(X >= count) for what comes in `expected` times as long as was looked before, when there were
// `seen`: the rate is not known but learned from these, so X is negative binomial (Gelman et al., Bayesian
// Data Analysis, 2013, section 2.6), and for long looks Poisson. All may be fractions. 0 for counts that are
// no more than was to be expected.
double log10_chance(double count, double seen, double expected) noexcept;

}  // namespace aggregator
