// What a run goes on from: the curves and findings of those before it, as far as the history reaches.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/finding.h"
#include "aggregator/host_series.h"
#include "aggregator/mail_series.h"
#include "aggregator/sensor_counts.h"
#include "mgmt/history/place.h"
#include "mgmt/history/record.h"

namespace mgmt {

// Of the history in `place`, steps that begin from `from` up to `last`, in seconds since 1970, oldest first
// and the newest if there are too many. None by the second, and none if it cannot be read: whoever writes it
// says so.
struct PastAsked {
  HistoryPlace place;
  aggregator::SeriesStep step = aggregator::SeriesStep::kMinute;
  std::uint64_t from = 0;
  std::uint64_t last = 0;
};
std::vector<aggregator::SensorPoint> past_sensor_points(const PastAsked& asked);
std::vector<aggregator::SeriesPoint> past_host_points(const PastAsked& asked, const std::string& host);
std::vector<aggregator::MailPoint> past_mail_points(const PastAsked& asked, const std::string& server);

// When nothing was counted, of the time from `from` on.
std::vector<HistoryGap> past_gaps(const HistoryPlace& place, std::uint64_t from);

// Where it begins, in seconds since 1970; nothing if it is empty.
std::optional<std::uint64_t> past_begin(const HistoryPlace& place);

// The newest of them, oldest first, all ended; before this run has written anything.
std::vector<aggregator::Finding> past_findings(const HistoryPlace& place);

// The number for the first one of this run.
std::uint64_t next_finding(const HistoryPlace& place);

// In the step that a run began in, the history also has what came before; memory has what is not written yet.
template <class Point>
std::vector<Point> continued(std::vector<Point> past, const std::vector<Point>& now) {
  if (!past.empty() && !now.empty() && past.back().begin == now.front().begin) {
    auto both = now.front();
    for (std::size_t i = 0; i < both.counts.of.size(); ++i)
      both.counts.of[i] = std::max(both.counts.of[i], past.back().counts.of[i]);
    past.back() = std::move(both);
    past.insert(past.end(), std::next(now.begin()), now.end());
  } else {
    past.insert(past.end(), now.begin(), now.end());
  }
  return past;
}

}  // namespace mgmt
