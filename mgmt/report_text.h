// The report made for reading.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "aggregator/summary.h"
#include "mgmt/text_style.h"

namespace mgmt {

// No line is wider than kTextColumns; whatever came from the wire or a file name is printable ASCII.
// `command` and `inputs` make the title.
std::string report_text(const aggregator::Summary& summary, std::string_view command,
                        std::span<const std::string> inputs, const TextStyle& style);

}  // namespace mgmt
