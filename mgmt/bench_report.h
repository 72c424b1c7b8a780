// What `tapline bench` prints.
#pragma once

#include <string>

#include "mgmt/bench_result.h"
#include "mgmt/text_style.h"

namespace mgmt {

// No line is wider than kTextColumns.
std::string bench_text(const BenchReport& report, const TextStyle& style);

std::string bench_json(const BenchReport& report);

}  // namespace mgmt
