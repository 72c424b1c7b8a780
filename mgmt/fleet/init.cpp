#include "mgmt/fleet/init.h"

#include <set>

#include <fmt/format.h>

#include "mgmt/fleet/tab_separated.h"
#include "mgmt/fleet/tables.h"

namespace mgmt {
namespace {

std::string of_table(const std::string& database, FleetTable table, std::string_view column) {
  return fmt::format("WHERE `database` = {} AND {} = {} FORMAT TabSeparated", quoted_text(database), column,
                     quoted_text(kFleetTableNames[static_cast<std::size_t>(table)]));
}

void expect_engine(const std::string& database, FleetTable table, ClickHouse& clickhouse) {
  const std::string answer =
      clickhouse.query("SELECT `engine` FROM system.tables " + of_table(database, table, "`name`"));
  TabSeparated row(answer, 1);
  if (!row.next()) throw ClickHouseError(full_name(database, table) + " was made, but cannot be seen");
  const std::string engine = row.word(0);
  if (engine.find("Replacing") != std::string::npos || engine == "Distributed") return;
  throw ClickHouseError(fmt::format(
      "{} has the engine {}, in which minutes that are sent twice would count twice. Move it away "
      "(RENAME TABLE), or name another database in [fleet]",
      full_name(database, table), engine));
}

std::set<std::string> columns_there(const std::string& database, FleetTable table, ClickHouse& clickhouse) {
  const std::string answer =
      clickhouse.query("SELECT `name` FROM system.columns " + of_table(database, table, "`table`"));
  TabSeparated row(answer, 1);
  std::set<std::string> names;
  while (row.next()) names.insert(row.text(0));
  return names;
}

}  // namespace

std::vector<std::string> fleet_init_statements(const std::string& database) {
  std::vector<std::string> statements = {create_database(database)};
  for (std::size_t i = 0; i < kFleetTables; ++i)
    statements.push_back(create_table(database, static_cast<FleetTable>(i)));
  return statements;
}

std::vector<std::string> init_fleet(const std::string& database, ClickHouse& clickhouse) {
  for (const std::string& statement : fleet_init_statements(database)) clickhouse.query(statement);
  std::vector<std::string> added;
  for (std::size_t i = 0; i < kFleetTables; ++i) {
    const auto table = static_cast<FleetTable>(i);
    expect_engine(database, table, clickhouse);
    const std::set<std::string> there = columns_there(database, table, clickhouse);
    for (const FleetColumn& column : fleet_columns(table)) {
      if (there.contains(column.name)) continue;
      clickhouse.query(add_column(database, table, column));
      added.push_back(fmt::format("{}.{}", kFleetTableNames[i], column.name));
    }
  }
  return added;
}

}  // namespace mgmt
