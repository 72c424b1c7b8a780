// Observed against calculated values drawn with characters.
#pragma once

#include <span>

#include "mgmt/text_style.h"
#include "mgmt/text_table.h"

namespace mgmt {

// A point for each pair, and the line on which both are the same; both axes reach from 0, or the least if
// that is less, to the greatest. As many of the one as of the other, finite. At most 78 columns. Nothing for
// no points.
Lines scatter_plot(std::span<const double> observed, std::span<const double> calculated,
                   const TextStyle& style);

}  // namespace mgmt
