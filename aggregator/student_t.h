// Student's t distribution, for confidence intervals.
#pragma once

#include <cstddef>

namespace aggregator {

// P(|T| <= t), t >= 0, by the finite sums of Abramowitz and Stegun 26.7.3 and 26.7.4. At least one degree;
// more than 10,000 count as so many, which moves a quantile by less than 0.01 %.
double student_t_inside(double t, std::size_t degrees) noexcept;

// The t with student_t_inside(t, degrees) = share, for a share from 0 to 0.999.
double student_t_quantile(double share, std::size_t degrees) noexcept;

}  // namespace aggregator
