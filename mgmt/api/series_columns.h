// Curves as columns of numbers, which charts and tables want.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/host_series.h"
#include "aggregator/mail_series.h"
#include "aggregator/sensor_counts.h"
#include "mgmt/history/record.h"

namespace mgmt {

// A row for each step from `from` on, also of those in which nothing happened.
struct SeriesColumns {
  std::uint64_t step_s = 1;
  std::uint64_t from = 0;  // seconds since 1970; the beginning of the first row
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;  // as many values as names
};

// Time from..to, exclusive, cut to what the points cover; at most `most` rows, the last ones.
struct SeriesRange {
  std::uint64_t from = 0;
  std::uint64_t to = UINT64_MAX;
  std::size_t most = 0;
};

SeriesColumns columns_of(std::span<const aggregator::SensorPoint> points, aggregator::SeriesStep step,
                         const SeriesRange& range);
// The sums of groups, every field, and how many different destinations, names and sources.
SeriesColumns columns_of(std::span<const aggregator::SeriesPoint> points, aggregator::SeriesStep step,
                         const SeriesRange& range);
// Every field and what mail_columns.h makes of them.
SeriesColumns columns_of(std::span<const aggregator::MailPoint> points, aggregator::SeriesStep step,
                         const SeriesRange& range);

// Of each row, whether all of its step lies in a gap: nothing is known of it.
std::vector<bool> uncounted(const SeriesColumns& columns, std::span<const HistoryGap> gaps);

}  // namespace mgmt
