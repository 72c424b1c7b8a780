// Figure 5 of Rikitake et al.: how long after an answer its connection comes.
#include <fmt/format.h>

#include "mgmt/delay_plot.h"
#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"

namespace mgmt {

Lines delay_section(const aggregator::Summary& summary, const TextStyle& style) {
  const aggregator::Pairing& pairing = summary.pairing;
  if (pairing.pairs == 0) return {};
  Lines lines = {strong("Figure 5  Pairs by delay, the count on a logarithmic scale", style), ""};
  append(lines, delay_plot(pairing, style));
  lines.emplace_back();
  lines.push_back(fmt::format("mean {}   p50 {}   p90 {}   p99 {}", seconds_text(pairing.mean_s),
                              seconds_text(pairing.p50_s), seconds_text(pairing.p90_s),
                              seconds_text(pairing.p99_s)));
  if (pairing.rate_per_s > 0) {  // A mean of 0 has no exponential.
    lines.push_back(fmt::format("exponential of the same mean: rate {:.3g} /s", pairing.rate_per_s));
  }
  return lines;
}

}  // namespace mgmt
