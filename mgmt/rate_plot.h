// A rate over time drawn with characters.
#pragma once

#include <span>

#include "mgmt/text_style.h"
#include "mgmt/text_table.h"

namespace mgmt {

// Bars from zero to the highest rate, which is written beside the axis; neighbours share a bar, as their
// mean, where there are more than fit. The last line says the mean and the highest of `rates`, none of which
// is negative. At most 78 columns.
Lines rate_plot(std::span<const double> rates, const TextStyle& style);

}  // namespace mgmt
