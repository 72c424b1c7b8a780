// A histogram of delays drawn with characters.
#pragma once

#include "aggregator/summary.h"
#include "mgmt/text_style.h"
#include "mgmt/text_table.h"

namespace mgmt {

// Bars over the window on a logarithmic count axis, with the exponential of the same mean marked over them.
// On that axis a power of ten fills exactly the row that it labels, 1 the lowest; 0 draws nothing.
// Neighbouring bins share a bar where they are more than fit. At most 78 columns. Nothing for an empty
// histogram.
Lines delay_plot(const aggregator::Pairing& pairing, const TextStyle& style);

}  // namespace mgmt
