#include "mgmt/fleet/reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "mgmt/fleet/tab_separated.h"
#include "mgmt/history/tables.h"

namespace mgmt {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max() / 2;

struct Bounds {
  std::int64_t from;
  std::int64_t to;
  std::size_t rows;  // one too many, by which one sees that there are more
};

Bounds bounds_of(const HistoryRange& range) {
  const std::int64_t from = std::clamp<std::int64_t>(range.from.value_or(0), 0, kEver);
  return {from, std::clamp<std::int64_t>(range.to.value_or(kEver), from, kEver), range.limit + 1};
}

// All rows but one too many; the newest were read first.
template <class Row>
HistoryAnswer<Row> in_order(std::vector<Row> rows, std::size_t limit) {
  HistoryAnswer<Row> answer;
  answer.more = rows.size() > limit;
  if (answer.more) rows.resize(limit);
  std::ranges::reverse(rows);
  answer.rows = std::move(rows);
  return answer;
}

std::string figures_text(HistoryKind kind) {
  std::string text;
  const HistoryColumns& columns = history_columns(kind);
  for (const std::string_view name : columns.summed) text += fmt::format(", sum({})", quoted_name(name));
  for (const std::string_view name : columns.most) text += fmt::format(", max({})", quoted_name(name));
  return text;
}

HistoryFinding finding_in(const TabSeparated& row) {
  HistoryFinding finding;
  finding.sensor = row.word(0);
  finding.run = row.count(1);
  finding.id = row.count(2);
  finding.detector = row.word(3);
  finding.subject = row.word(4);
  finding.name = row.text(5);
  finding.since = row.integer(6);
  finding.until = row.integer_if_any(7);
  finding.score = row.real(8);
  finding.severity = row.word(9);
  finding.evidence = row.text(10);
  finding.advice = row.text(11);
  finding.cut = row.count(12) != 0;
  return finding;
}

}  // namespace

FleetReader::FleetReader(const FleetSettings& settings, std::string sensor, std::int64_t east_s)
    : database_(settings.database),
      sensor_(std::move(sensor)),
      east_s_(static_cast<std::uint64_t>((east_s % kDay + kDay) % kDay)),
      clickhouse_(settings) {}

std::string FleetReader::table(FleetTable table) const {
  return full_name(database_, table);
}

std::string FleetReader::of_sensor() const {
  return sensor_.empty() ? "" : fmt::format(" AND `sensor` = {}", quoted_text(sensor_));
}

HistoryAnswer<HistoryStep> FleetReader::steps(const HistoryQuery& query) {
  const bool sensor = query.kind == HistoryKind::kSensor;
  const auto length =
      static_cast<std::int64_t>(aggregator::kSeriesStepSeconds[static_cast<std::size_t>(query.step)]);
  const Bounds bounds = bounds_of(query.range);
  const std::string host = quoted_text(query.host);
  const std::string of_host =
      sensor || query.host.empty() ? "" : fmt::format(" AND (`host` = {} OR `name` = {})", host, host);
  const std::string answer = clickhouse_.query(fmt::format(
      "SELECT `sensor`, `begin` - least(`begin`, (`begin` + {}) % {}) AS step_begin, {} AS step_host{} FROM "
      "{} "
      "FINAL WHERE `begin` >= {} AND `begin` < {}{}{} GROUP BY `sensor`, step_begin, step_host HAVING "
      "step_begin >= {} AND step_begin < {} ORDER BY step_begin DESC, `sensor` DESC, step_host DESC LIMIT {} "
      "FORMAT TabSeparated",
      east_s_, length, sensor ? "''" : "`host`", figures_text(query.kind), table(fleet_table(query.kind)),
      bounds.from, bounds.to + length, of_sensor(), of_host, bounds.from, bounds.to, bounds.rows));
  const std::size_t figures = history_column_names(query.kind).size();
  TabSeparated row(answer, 3 + figures);
  std::vector<HistoryStep> rows;
  while (row.next()) {
    HistoryStep& step = rows.emplace_back();
    step.sensor = row.word(0);
    step.begin = row.count(1);
    step.row.host = row.word(2);
    for (std::size_t i = 0; i < figures; ++i) step.row.counts.push_back(row.count(3 + i));
  }
  return in_order(std::move(rows), query.range.limit);
}

// What is still open though a later run of its sensor has begun was cut: nobody could tell its end.
HistoryAnswer<HistoryFinding> FleetReader::findings(const HistoryRange& range) {
  const Bounds bounds = bounds_of(range);
  const std::string answer = clickhouse_.query(fmt::format(
      "SELECT `sensor`, `run`, `id`, `detector`, `subject`, `name`, `since`, if(was_cut, greatest(`since`, "
      "toInt64(`told`)), `until`) AS ended_at, `score`, `severity`, `evidence`, `advice`, was_cut FROM "
      "(SELECT *, "
      "isNull(`until`) AND (`sensor`, `run`) NOT IN (SELECT `sensor`, max(`run`) FROM {} GROUP BY `sensor`) "
      "AS "
      "was_cut FROM {} FINAL WHERE `since` < {}{}) WHERE isNull(ended_at) OR ended_at > {} ORDER BY `since` "
      "DESC, "
      "`sensor` DESC, `run` DESC, `id` DESC LIMIT {} FORMAT TabSeparated",
      table(FleetTable::kRuns), table(FleetTable::kFindings), bounds.to, of_sensor(), bounds.from,
      bounds.rows));
  TabSeparated row(answer, 13);
  std::vector<HistoryFinding> rows;
  while (row.next()) rows.push_back(finding_in(row));
  return in_order(std::move(rows), range.limit);
}

HistoryAnswer<HistoryGap> FleetReader::gaps(const HistoryRange& range) {
  const Bounds bounds = bounds_of(range);
  const std::string answer = clickhouse_.query(
      fmt::format("SELECT `begin`, `end`, `why`, `sensor` FROM {} FINAL WHERE `begin` < {} AND `end` > {}{} "
                  "ORDER BY `begin` DESC, `sensor` DESC LIMIT {} FORMAT TabSeparated",
                  table(FleetTable::kGaps), bounds.to, bounds.from, of_sensor(), bounds.rows));
  TabSeparated row(answer, 4);
  std::vector<HistoryGap> rows;
  while (row.next()) rows.push_back({row.count(0), row.count(1), row.word(2), row.word(3)});
  return in_order(std::move(rows), range.limit);
}

}  // namespace mgmt
