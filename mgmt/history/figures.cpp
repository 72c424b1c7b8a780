#include "mgmt/history/figures.h"

#include <algorithm>
#include <array>

#include "aggregator/host_counts.h"
#include "mgmt/history/tables.h"
#include "mgmt/mail_columns.h"

namespace mgmt {
namespace {

using aggregator::HostCounts;

struct HostTotal {
  std::string_view name;
  std::uint64_t (HostCounts::*of)() const noexcept;
};
constexpr std::array<HostTotal, 6> kHostTotals = {{{"queries", &HostCounts::queries},
                                                   {"responses", &HostCounts::responses},
                                                   {"connections", &HostCounts::connections},
                                                   {"asked", &HostCounts::asked},
                                                   {"sent", &HostCounts::sent},
                                                   {"received", &HostCounts::received}}};

template <class Counts>
Counts counts_of(const HistoryRow& row) {
  Counts counts;
  std::copy_n(row.counts.begin(), std::min(row.counts.size(), counts.of.size()), counts.of.begin());
  return counts;
}

}  // namespace

aggregator::SensorCounts sensor_counts_of(const HistoryRow& row) {
  return counts_of<aggregator::SensorCounts>(row);
}

aggregator::SeriesPoint host_point_of(std::uint64_t begin, const HistoryRow& row) {
  aggregator::SeriesPoint point;
  point.begin = begin;
  point.counts = counts_of<HostCounts>(row);
  const std::size_t most = history_columns(HistoryKind::kHost).summed.size();
  const std::array<double*, 4> estimates = {&point.destinations, &point.smtp_destinations, &point.names,
                                            &point.sources};
  for (std::size_t i = 0; i < estimates.size() && most + i < row.counts.size(); ++i)
    *estimates[i] = static_cast<double>(row.counts[most + i]);
  return point;
}

aggregator::MailCounts mail_counts_of(const HistoryRow& row) {
  return counts_of<aggregator::MailCounts>(row);
}

std::optional<std::uint64_t> history_figure(HistoryKind kind, std::string_view name, const HistoryRow& row) {
  if (kind == HistoryKind::kMail) {
    const auto value = mail_column(name, mail_counts_of(row));
    return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
  }
  if (kind == HistoryKind::kHost) {
    const auto total = std::ranges::find(kHostTotals, name, &HostTotal::name);
    if (total != kHostTotals.end()) return (counts_of<HostCounts>(row).*total->of)();
  }
  const auto names = history_column_names(kind);
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return row.counts[static_cast<std::size_t>(found - names.begin())];
}

std::vector<std::string> history_figure_names(HistoryKind kind) {
  if (kind == HistoryKind::kMail) return mail_column_names();
  std::vector<std::string> names;
  if (kind == HistoryKind::kHost) {
    for (const HostTotal& total : kHostTotals) names.emplace_back(total.name);
  }
  for (const std::string_view name : history_column_names(kind)) names.emplace_back(name);
  return names;
}

}  // namespace mgmt
