// The figures of a row by name: those that are kept, and what they come to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/host_series.h"
#include "aggregator/mail_counts.h"
#include "aggregator/sensor_counts.h"
#include "mgmt/history/record.h"

namespace mgmt {

// Of a host besides its columns "queries", "responses", "connections", "asked", "sent" and "received"; of a
// mail server what mail_column() knows.
std::optional<std::uint64_t> history_figure(HistoryKind kind, std::string_view name, const HistoryRow& row);

std::vector<std::string> history_figure_names(HistoryKind kind);

aggregator::SensorCounts sensor_counts_of(const HistoryRow& row);
aggregator::MailCounts mail_counts_of(const HistoryRow& row);
aggregator::SeriesPoint host_point_of(std::uint64_t begin, const HistoryRow& row);

}  // namespace mgmt
