// The curves of one host, as the papers' figures show them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/host_series.h"
#include "mgmt/text_style.h"
#include "wire/address.h"

namespace mgmt {

struct HostCurves {
  wire::Address host;
  aggregator::SeriesStep step = aggregator::SeriesStep::kSecond;
  std::vector<aggregator::SeriesPoint> points;  // one for each step, from the first frame's to the last one's
  std::uint64_t steps_left_out = 0;             // before these, for want of room

  std::uint64_t step_seconds() const noexcept {
    return aggregator::kSeriesStepSeconds[static_cast<std::size_t>(step)];
  }
};

// `points` are those of the steps in which the host did something; the capture lasted from `first_ns` to
// `last_ns`. At most `most` steps are kept, the last ones.
HostCurves host_curves(const wire::Address& host, aggregator::SeriesStep step,
                       const std::vector<aggregator::SeriesPoint>& points, std::int64_t first_ns,
                       std::int64_t last_ns, std::size_t most);

// Sums of groups of fields that a reader would otherwise add up: "queries", "responses", "connections",
// "asked", "sent", "received".
inline constexpr std::size_t kHostTotals = 6;
std::array<std::string_view, kHostTotals> host_total_names();
std::array<std::uint64_t, kHostTotals> host_totals(const aggregator::HostCounts& counts);

// The square of the correlation of total and unresolved queries, as Musashi et al. take it; 0 if either is
// constant.
double r_squared(const HostCurves& curves);

std::string host_curves_text(const HostCurves& curves, const TextStyle& style);
std::string host_curves_csv(const HostCurves& curves);   // RFC 4180, with a header line
std::string host_curves_json(const HostCurves& curves);  // one object

}  // namespace mgmt
