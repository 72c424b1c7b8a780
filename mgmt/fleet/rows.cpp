#include "mgmt/fleet/rows.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/history/tables.h"

namespace mgmt {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(FleetTable table, const Json& row) {
  return fmt::format("{} {}\n", kFleetTableNames[static_cast<std::size_t>(table)],
                     row.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string line_of(const FleetSensor& sensor, const HistoryMinute& minute, HistoryKind kind,
                    const HistoryRow& row) {
  Json json = {{"sensor", sensor.name}, {"begin", minute.begin}, {"run", sensor.run}};
  if (kind == HistoryKind::kSensor) {
    json["covers_from"] = minute.from;
    json["covers_until"] = minute.until;
  } else {
    const auto name = sensor.names.find(row.host);
    json["host"] = row.host;
    json["name"] = name == sensor.names.end() ? "" : name->second;
  }
  const auto names = history_column_names(kind);
  for (std::size_t i = 0; i < names.size(); ++i) json[std::string(names[i])] = row.counts[i];
  return line_of(fleet_table(kind), json);
}

std::string line_of(const FleetSensor& sensor, const HistoryFinding& finding, std::uint64_t told) {
  return line_of(FleetTable::kFindings, {{"sensor", sensor.name},
                                         {"run", sensor.run},
                                         {"id", finding.id},
                                         {"told", told},
                                         {"detector", finding.detector},
                                         {"subject", finding.subject},
                                         {"name", finding.name},
                                         {"since", finding.since},
                                         {"until", finding.until ? Json(*finding.until) : Json()},
                                         {"score", std::isfinite(finding.score) ? finding.score : 0},
                                         {"severity", finding.severity},
                                         {"evidence", finding.evidence},
                                         {"advice", finding.advice}});
}

}  // namespace

std::string fleet_lines(const FleetSensor& sensor, const HistoryMinute& minute,
                        std::span<const HistoryFinding> findings) {
  std::string lines = line_of(
      FleetTable::kRuns,
      {{"sensor", sensor.name}, {"run", sensor.run}, {"until", minute.until}, {"version", TAPLINE_VERSION}});
  for (std::size_t kind = 0; kind < kHistoryKinds; ++kind) {
    for (const HistoryRow& row : minute.rows[kind])
      lines += line_of(sensor, minute, static_cast<HistoryKind>(kind), row);
  }
  for (const HistoryFinding& finding : findings) lines += line_of(sensor, finding, minute.until);
  return lines;
}

std::string fleet_line(const FleetSensor& sensor, const HistoryGap& gap) {
  return line_of(FleetTable::kGaps,
                 {{"sensor", sensor.name}, {"begin", gap.begin}, {"end", gap.end}, {"why", gap.why}});
}

bool add_rows(std::string_view lines, FleetRows& rows) {
  FleetRows found;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::size_t space = lines.find(' ');
    if (end == std::string_view::npos || space > end) return false;
    const auto table = fleet_table_from(lines.substr(0, space));
    const std::string_view json = lines.substr(space + 1, end - space);
    if (!table || !json.starts_with('{') || !json.ends_with("}\n")) return false;
    found[static_cast<std::size_t>(*table)] += json;
    lines.remove_prefix(end + 1);
  }
  for (std::size_t i = 0; i < kFleetTables; ++i) rows[i] += found[i];
  return true;
}

}  // namespace mgmt
