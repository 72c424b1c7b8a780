#include "mgmt/host_curves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/number_text.h"
#include "mgmt/rate_plot.h"

namespace mgmt {
namespace {

using aggregator::HostCounts;
using aggregator::HostField;
using aggregator::SeriesPoint;

struct Curve {
  std::string_view title;
  std::uint64_t (*count)(const HostCounts&);
};
constexpr std::array<Curve, 8> kCurves = {{
    {"queries", [](const HostCounts& counts) { return counts.queries(); }},
    {"unresolved FQDNs", [](const HostCounts& counts) { return counts[HostField::kUnresolved]; }},
    {"A and AAAA queries",
     [](const HostCounts& counts) { return counts[HostField::kQueriesA] + counts[HostField::kQueriesAaaa]; }},
    {"PTR queries", [](const HostCounts& counts) { return counts[HostField::kQueriesPtr]; }},
    {"MX queries", [](const HostCounts& counts) { return counts[HostField::kQueriesMx]; }},
    {"SMTP connections received", [](const HostCounts& counts) { return counts[HostField::kReceivedSmtp]; }},
    {"SMTP connections opened", [](const HostCounts& counts) { return counts[HostField::kConnectSmtp]; }},
    {"queries received", [](const HostCounts& counts) { return counts.asked(); }},
}};

// Sums of groups that a reader would otherwise add up.
constexpr std::array<Curve, kHostTotals> kTotals = {{
    {"queries", [](const HostCounts& counts) { return counts.queries(); }},
    {"responses", [](const HostCounts& counts) { return counts.responses(); }},
    {"connections", [](const HostCounts& counts) { return counts.connections(); }},
    {"asked", [](const HostCounts& counts) { return counts.asked(); }},
    {"sent", [](const HostCounts& counts) { return counts.sent(); }},
    {"received", [](const HostCounts& counts) { return counts.received(); }},
}};

std::uint64_t second_of(std::int64_t ns) noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0)) / 1'000'000'000;
}

std::string iso_time(std::uint64_t second) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(second)));
}

std::vector<double> rates(const HostCurves& curves, const Curve& curve) {
  std::vector<double> rates;
  for (const SeriesPoint& point : curves.points) {
    rates.push_back(static_cast<double>(curve.count(point.counts)) /
                    static_cast<double>(curves.step_seconds()));
  }
  return rates;
}

std::string range_line(const HostCurves& curves) {
  const std::uint64_t end = curves.points.back().begin + curves.step_seconds();
  return fmt::format("{} to {}, {} steps of {}", iso_time(curves.points.front().begin), iso_time(end),
                     grouped(curves.points.size()),
                     aggregator::kSeriesStepNames[static_cast<std::size_t>(curves.step)]);
}

// Of all patterns that matched in any step.
std::set<std::uint32_t> pattern_ids(const HostCurves& curves) {
  std::set<std::uint32_t> ids;
  for (const SeriesPoint& point : curves.points) {
    for (const aggregator::PatternMatch& match : point.matches) ids.insert(match.id);
  }
  return ids;
}

std::uint64_t matches_of(const SeriesPoint& point, std::uint32_t id) {
  const auto match = std::ranges::find(point.matches, id, &aggregator::PatternMatch::id);
  return match == point.matches.end() ? 0 : match->queries;
}

}  // namespace

HostCurves host_curves(const wire::Address& host, aggregator::SeriesStep step,
                       const std::vector<SeriesPoint>& points, std::int64_t first_ns, std::int64_t last_ns,
                       std::size_t most) {
  HostCurves curves{.host = host, .step = step, .points = {}, .steps_left_out = 0};
  const std::uint64_t length = curves.step_seconds();
  if (last_ns < first_ns) return curves;
  const std::uint64_t first = second_of(first_ns) / length;
  // A frame that is older than the one before it counts a nanosecond later, be that in the next second.
  const std::uint64_t latest = points.empty() ? 0 : points.back().begin;
  const std::uint64_t last = std::max(second_of(last_ns), latest) / length;
  const std::uint64_t begin = last - first >= most ? last - most + 1 : first;
  curves.steps_left_out = begin - first;
  for (std::uint64_t number = begin; number <= last; ++number)
    curves.points.emplace_back().begin = number * length;
  for (const SeriesPoint& point : points) {
    const std::uint64_t number = point.begin / length;
    if (number >= begin && number <= last) curves.points[number - begin] = point;
  }
  return curves;
}

std::array<std::string_view, kHostTotals> host_total_names() {
  std::array<std::string_view, kHostTotals> names;
  std::ranges::transform(kTotals, names.begin(), &Curve::title);
  return names;
}

std::array<std::uint64_t, kHostTotals> host_totals(const HostCounts& counts) {
  std::array<std::uint64_t, kHostTotals> totals{};
  std::ranges::transform(kTotals, totals.begin(), [&](const Curve& curve) { return curve.count(counts); });
  return totals;
}

double r_squared(const HostCurves& curves) {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (const SeriesPoint& point : curves.points) {
    const auto total = static_cast<double>(point.counts.queries());
    const auto unresolved = static_cast<double>(point.counts[HostField::kUnresolved]);
    n += 1;
    const double dx = total - x;  // Welford: no difference of large sums
    const double dy = unresolved - y;
    x += dx / n;
    y += dy / n;
    xx += dx * (total - x);
    yy += dy * (unresolved - y);
    xy += dx * (unresolved - y);
  }
  return xx > 0 && yy > 0 ? std::min(1.0, xy * xy / (xx * yy)) : 0;  // rounding may exceed 1
}

std::string host_curves_text(const HostCurves& curves, const TextStyle& style) {
  std::string text = fmt::format("{}  {}\n", strong("tapline series", style), wire::to_text(curves.host));
  if (curves.points.empty()) return text + "\nThe capture holds no frame.\n";
  text += range_line(curves) + "\n";
  if (curves.steps_left_out > 0) {
    text += faint(fmt::format("{} steps before these are left out; a longer --step shows them",
                              grouped(curves.steps_left_out)),
                  style) +
            "\n";
  }
  bool any = false;
  for (const Curve& curve : kCurves) {
    const std::vector<double> values = rates(curves, curve);
    if (std::ranges::max(values) == 0) continue;
    any = true;
    text += "\n" + heading(fmt::format("{} per second", curve.title), style) + "\n";
    for (const std::string& line : rate_plot(values, style)) text += line + "\n";
  }
  if (!any) return text + "\nThis host asked nothing and opened no SMTP connection.\n";
  const double r2 = r_squared(curves);
  if (r2 > 0) text += fmt::format("\nR^2 of all queries and the unresolved FQDNs: {:.4f}\n", r2);
  return text;
}

std::string host_curves_csv(const HostCurves& curves) {
  const std::set<std::uint32_t> ids = pattern_ids(curves);
  std::string text = "time,begin";
  for (const Curve& total : kTotals) text.append(",").append(total.title);
  for (const std::string_view name : aggregator::kHostFieldNames) text.append(",").append(name);
  text += ",destinations,smtp_destinations,names,sources";
  for (const std::uint32_t id : ids) text += fmt::format(",pattern_{}", id);
  text += "\r\n";
  for (const SeriesPoint& point : curves.points) {
    text += fmt::format("{},{}", iso_time(point.begin), point.begin);
    for (const Curve& total : kTotals) text += fmt::format(",{}", total.count(point.counts));
    for (const std::uint64_t count : point.counts.of) text += fmt::format(",{}", count);
    text += fmt::format(",{:.0f},{:.0f},{:.0f},{:.0f}", point.destinations, point.smtp_destinations,
                        point.names, point.sources);
    for (const std::uint32_t id : ids) text += fmt::format(",{}", matches_of(point, id));
    text += "\r\n";
  }
  return text;
}

std::string host_curves_json(const HostCurves& curves) {
  using Json = nlohmann::ordered_json;
  std::string text = fmt::format(
      "{{\"host\":\"{}\",\n \"step\":{},\n \"steps_left_out\":{},\n \"r_squared\":{},\n \"points\":[",
      wire::to_text(curves.host), curves.step_seconds(), curves.steps_left_out, r_squared(curves));
  const char* separator = "\n  ";
  for (const SeriesPoint& point : curves.points) {
    Json row = {{"begin", point.begin}, {"time", iso_time(point.begin)}};
    for (const Curve& total : kTotals) row[std::string(total.title)] = total.count(point.counts);
    for (std::size_t i = 0; i < aggregator::kHostFields; ++i) {
      row[std::string(aggregator::kHostFieldNames[i])] = point.counts.of[i];
    }
    row["destinations"] = std::round(point.destinations);
    row["smtp_destinations"] = std::round(point.smtp_destinations);
    row["sources"] = std::round(point.sources);
    row["names"] = std::round(point.names);
    if (!point.matches.empty()) {
      Json& patterns = row["patterns"];
      for (const auto& match : point.matches) patterns[std::to_string(match.id)] = match.queries;
    }
    text.append(separator).append(row.dump());
    separator = ",\n  ";
  }
  return text + "]}\n";
}

}  // namespace mgmt
