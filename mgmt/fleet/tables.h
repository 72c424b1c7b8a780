// The tables of a fleet in ClickHouse.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mgmt/history/record.h"

namespace mgmt {

// The first are those of the history, by the minute: ClickHouse adds up hours and days when somebody asks.
enum class FleetTable : std::uint8_t {
  kSensor,
  kHost,
  kMail,
  kFindings,
  kGaps,
  kRuns,
  kCount
};
inline constexpr std::size_t kFleetTables = static_cast<std::size_t>(FleetTable::kCount);
inline constexpr std::array<std::string_view, kFleetTables> kFleetTableNames = {
    "sensor_minute", "host_minute", "mail_minute", "findings", "gaps", "runs"};

std::optional<FleetTable> fleet_table_from(std::string_view name);

constexpr FleetTable fleet_table(HistoryKind kind) noexcept {
  return static_cast<FleetTable>(kind);
}
static_assert(static_cast<std::size_t>(HistoryKind::kMail) == static_cast<std::size_t>(FleetTable::kMail));

struct FleetColumn {
  std::string name;
  std::string type;  // with what is behind it, as ALIAS
};

// Those that make up the key first. Counts are called as in the history.
std::vector<FleetColumn> fleet_columns(FleetTable table);

// In backquotes: "from" and "end" are some. `name` has none itself.
std::string quoted_name(std::string_view name);

// A string of SQL, whatever is in `text`.
std::string quoted_text(std::string_view text);

// `tapline`.`host_minute`
std::string full_name(std::string_view database, FleetTable table);

// What is there already stays as it is, also if an operator chose another engine of the family.
std::string create_database(std::string_view database);
std::string create_table(std::string_view database, FleetTable table);
std::string add_column(std::string_view database, FleetTable table, const FleetColumn& column);

}  // namespace mgmt
