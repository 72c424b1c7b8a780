// Minutes for the history, with figures that follow from their time.
#pragma once

#include <string>

#include "mgmt/history/reader.h"
#include "mgmt/history/tables.h"

namespace tests {

inline constexpr std::uint64_t kMidnight = 1'795'305'600;  // 2026-11-22 00:00:00 UTC

inline mgmt::HistoryRow row_of(mgmt::HistoryKind kind, const std::string& host, std::uint64_t figure) {
  return {host, std::vector<std::uint64_t>(mgmt::history_column_names(kind).size(), figure)};
}

// Of the sensor `figure` everywhere; of a host and a mail server two and three times as much.
inline mgmt::HistoryMinute minute_at(std::uint64_t begin, std::uint64_t figure = 1) {
  using mgmt::HistoryKind;
  mgmt::HistoryMinute minute;
  minute.begin = begin;
  minute.from = begin;
  minute.until = begin + 60;
  minute.rows[0] = {row_of(HistoryKind::kSensor, "", figure)};
  minute.rows[1] = {row_of(HistoryKind::kHost, "10.1.0.25", 2 * figure)};
  minute.rows[2] = {row_of(HistoryKind::kMail, "10.1.0.25", 3 * figure)};
  return minute;
}

inline std::vector<mgmt::HistoryMinute> minutes_from(std::uint64_t begin, std::uint64_t count,
                                                     std::uint64_t figure = 1) {
  std::vector<mgmt::HistoryMinute> minutes;
  for (std::uint64_t i = 0; i < count; ++i) minutes.push_back(minute_at(begin + 60 * i, figure));
  return minutes;
}

inline mgmt::HistoryFinding finding_at(std::uint64_t id, std::int64_t since) {
  mgmt::HistoryFinding finding;
  finding.id = id;
  finding.detector = "backscatter";
  finding.subject = "10.1.0.25";
  finding.name = "mx";
  finding.since = since;
  finding.score = 0.5;
  finding.severity = "high";
  finding.evidence = R"({"queries_per_s":55.3})";
  finding.advice = "Reject unknown recipients during SMTP.";
  return finding;
}

// Of the column, summed over all rows of the step.
inline std::uint64_t total(const mgmt::HistoryAnswer<mgmt::HistoryStep>& answer, std::size_t column = 0) {
  std::uint64_t sum = 0;
  for (const mgmt::HistoryStep& step : answer.rows) sum += step.row.counts[column];
  return sum;
}

}  // namespace tests
