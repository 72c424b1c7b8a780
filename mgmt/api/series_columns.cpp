#include "mgmt/api/series_columns.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "mgmt/host_curves.h"
#include "mgmt/mail_columns.h"

namespace mgmt {
namespace {

using aggregator::HostCounts;

template <class Point, class ValuesOf>
SeriesColumns laid_out(std::span<const Point> points, aggregator::SeriesStep step, const SeriesRange& range,
                       std::vector<std::string> names, ValuesOf values_of) {
  SeriesColumns columns;
  columns.step_s = aggregator::kSeriesStepSeconds[static_cast<std::size_t>(step)];
  columns.names = std::move(names);
  const auto is_before = [](const Point& point, std::uint64_t time) { return point.begin < time; };
  const auto first = std::lower_bound(points.begin(), points.end(), range.from, is_before);
  const auto end = std::lower_bound(first, points.end(), range.to, is_before);
  if (first == end) return columns;
  const std::uint64_t last = std::prev(end)->begin;
  const std::uint64_t steps = (last - first->begin) / columns.step_s + 1;
  columns.from = steps > range.most ? last - (range.most - 1) * columns.step_s : first->begin;
  columns.rows.assign(std::min<std::uint64_t>(steps, range.most), std::vector<double>(columns.names.size()));
  for (const Point& point : std::span(first, end)) {
    if (point.begin >= columns.from)
      columns.rows[(point.begin - columns.from) / columns.step_s] = values_of(point);
  }
  return columns;
}

template <class Names>
std::vector<std::string> as_strings(const Names& names) {
  return {names.begin(), names.end()};
}

template <class Counts>
std::vector<double> as_numbers(const Counts& counts) {
  return {counts.begin(), counts.end()};
}

}  // namespace

SeriesColumns columns_of(std::span<const aggregator::SensorPoint> points, aggregator::SeriesStep step,
                         const SeriesRange& range) {
  return laid_out(points, step, range, as_strings(aggregator::kSensorFieldNames),
                  [](const aggregator::SensorPoint& point) { return as_numbers(point.counts.of); });
}

SeriesColumns columns_of(std::span<const aggregator::SeriesPoint> points, aggregator::SeriesStep step,
                         const SeriesRange& range) {
  std::vector<std::string> names = as_strings(host_total_names());
  for (const std::string_view field : aggregator::kHostFieldNames) names.emplace_back(field);
  for (const char* distinct : {"destinations", "smtp_destinations", "names", "sources"})
    names.emplace_back(distinct);
  return laid_out(points, step, range, std::move(names), [](const aggregator::SeriesPoint& point) {
    std::vector<double> values = as_numbers(host_totals(point.counts));
    std::ranges::copy(point.counts.of, std::back_inserter(values));
    for (const double distinct : {point.destinations, point.smtp_destinations, point.names, point.sources})
      values.push_back(std::round(distinct));
    return values;
  });
}

std::vector<bool> uncounted(const SeriesColumns& columns, std::span<const HistoryGap> gaps) {
  std::vector<bool> rows(columns.rows.size());
  for (const HistoryGap& gap : gaps) {
    if (gap.end <= columns.from) continue;
    const std::uint64_t into = gap.begin > columns.from ? gap.begin - columns.from : 0;
    const std::uint64_t end = std::min<std::uint64_t>((gap.end - columns.from) / columns.step_s, rows.size());
    for (std::uint64_t i = (into + columns.step_s - 1) / columns.step_s; i < end; ++i) rows[i] = true;
  }
  return rows;
}

SeriesColumns columns_of(std::span<const aggregator::MailPoint> points, aggregator::SeriesStep step,
                         const SeriesRange& range) {
  const std::vector<std::string> names = mail_column_names();
  return laid_out(points, step, range, names, [&](const aggregator::MailPoint& point) {
    std::vector<double> values;
    for (const std::string& name : names) values.push_back(mail_column(name, point.counts).value_or(0));
    return values;
  });
}

}  // namespace mgmt
