// Makes the tables of a fleet.
#pragma once

#include <string>
#include <vector>

#include "mgmt/fleet/clickhouse.h"
#include "mgmt/fleet/settings.h"

namespace mgmt {

// What makes a database and tables where there are none.
std::vector<std::string> fleet_init_statements(const std::string& database);

// Makes what is not there yet; columns that tables lack, since an older tapline made them, are added. Returns
// these, "host_minute.queries_a". Throws ClickHouseError, also for a table whose engine would count twice
// what is sent twice.
std::vector<std::string> init_fleet(const std::string& database, ClickHouse& clickhouse);

}  // namespace mgmt
