// The history's records as rows of the fleet's tables, as they wait on the disk and are sent.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "mgmt/fleet/tables.h"
#include "mgmt/history/record.h"

namespace mgmt {

struct FleetSensor {
  std::string name;
  std::uint64_t run = 0;                     // when the program began, in microseconds since 1970
  std::map<std::string, std::string> names;  // of servers, by address
};

// Each row a line, "TABLE {JSON}": all of a minute, with what became of findings up to its end.
std::string fleet_lines(const FleetSensor& sensor, const HistoryMinute& minute,
                        std::span<const HistoryFinding> findings);

std::string fleet_line(const FleetSensor& sensor, const HistoryGap& gap);

// The JSON alone, by table, each row with its end of line.
using FleetRows = std::array<std::string, kFleetTables>;

// Adds them up; false if a line is none of the above, as after damage. Then nothing was added.
bool add_rows(std::string_view lines, FleetRows& rows);

}  // namespace mgmt
