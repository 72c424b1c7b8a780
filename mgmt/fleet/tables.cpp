#include "mgmt/fleet/tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "mgmt/history/tables.h"

namespace mgmt {
namespace {

struct Shape {
  std::string_view key;
  std::string_view version;    // of rows with the same key the one stays that has the greatest; "": any
  std::string_view partition;  // "": none
};

// Exactly once, however often a row is sent: rows with the same key are one. ReplacingMergeTree does that in
// every version of ClickHouse, on one server or replicated, for as long as there are rows; deduplication of
// whole blocks needs replication or a setting, and forgets a block after some hundred others. A run is a
// start of the program: of a minute that two runs share both rows stay, and add up.
constexpr std::string_view kByMonth = "toYYYYMM(toDateTime(`begin`))";
constexpr std::array<Shape, kFleetTables> kShapes = {{
    {"`sensor`, `begin`, `run`", "", kByMonth},
    {"`sensor`, `begin`, `host`, `run`", "", kByMonth},
    {"`sensor`, `begin`, `host`, `run`", "", kByMonth},
    {"`sensor`, `run`, `id`", "`told`", ""},
    {"`sensor`, `begin`", "`end`", ""},
    {"`sensor`, `run`", "`until`", ""},
}};

// Times are seconds since 1970, by packets; `run` is when it began, in microseconds by the clock.
std::vector<FleetColumn> minute_columns(HistoryKind kind) {
  std::vector<FleetColumn> columns = {{"sensor", "String"}, {"begin", "UInt64"}, {"run", "UInt64"}};
  if (kind == HistoryKind::kSensor) {
    columns.push_back({"covers_from", "UInt64"});
    columns.push_back({"covers_until", "UInt64"});
  } else {
    columns.push_back({"host", "String"});
    columns.push_back({"name", "String"});  // of a configured server
  }
  for (const std::string_view name : history_column_names(kind))
    columns.push_back({std::string(name), "UInt64"});
  columns.push_back({"time", "DateTime ALIAS toDateTime(`begin`)"});  // for people and Grafana
  return columns;
}

}  // namespace

std::optional<FleetTable> fleet_table_from(std::string_view name) {
  const auto found = std::ranges::find(kFleetTableNames, name);
  if (found == kFleetTableNames.end()) return std::nullopt;
  return static_cast<FleetTable>(found - kFleetTableNames.begin());
}

std::vector<FleetColumn> fleet_columns(FleetTable table) {
  switch (table) {
    case FleetTable::kFindings:
      return {{"sensor", "String"}, {"run", "UInt64"},      {"id", "UInt64"},
              {"told", "UInt64"},   {"detector", "String"}, {"subject", "String"},
              {"name", "String"},   {"since", "Int64"},     {"until", "Nullable(Int64)"},
              {"score", "Float64"}, {"severity", "String"}, {"evidence", "String"},
              {"advice", "String"}};
    case FleetTable::kGaps:
      return {{"sensor", "String"}, {"begin", "UInt64"}, {"end", "UInt64"}, {"why", "String"}};
    case FleetTable::kRuns:
      return {{"sensor", "String"}, {"run", "UInt64"}, {"until", "UInt64"}, {"version", "String"}};
    default:
      return minute_columns(static_cast<HistoryKind>(table));
  }
}

std::string quoted_name(std::string_view name) {
  return fmt::format("`{}`", name);
}

std::string quoted_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string full_name(std::string_view database, FleetTable table) {
  return fmt::format("{}.{}", quoted_name(database),
                     quoted_name(kFleetTableNames[static_cast<std::size_t>(table)]));
}

std::string create_database(std::string_view database) {
  return fmt::format("CREATE DATABASE IF NOT EXISTS {}", quoted_name(database));
}

std::string create_table(std::string_view database, FleetTable table) {
  const Shape& shape = kShapes[static_cast<std::size_t>(table)];
  std::string columns;
  for (const FleetColumn& column : fleet_columns(table))
    columns += fmt::format("{}\n  {} {}", columns.empty() ? "" : ",", quoted_name(column.name), column.type);
  const std::string partition =
      shape.partition.empty() ? "" : fmt::format(" PARTITION BY {}", shape.partition);
  return fmt::format("CREATE TABLE IF NOT EXISTS {}({}\n) ENGINE = ReplacingMergeTree({}){} ORDER BY ({})",
                     full_name(database, table), columns, shape.version, partition, shape.key);
}

std::string add_column(std::string_view database, FleetTable table, const FleetColumn& column) {
  return fmt::format("ALTER TABLE {} ADD COLUMN {} {}", full_name(database, table), quoted_name(column.name),
                     column.type);
}

}  // namespace mgmt
