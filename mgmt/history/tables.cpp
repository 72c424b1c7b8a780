#include "mgmt/history/tables.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "aggregator/host_field.h"
#include "aggregator/mail_field.h"
#include "aggregator/sensor_field.h"

namespace mgmt {
namespace {

// Raised when something else than a column changes; then what it takes to get there is done here too.
constexpr std::int64_t kSchemaVersion = 1;
constexpr std::int64_t kApplicationId = 0x7461706C;  // "tapl", which file(1) shows

constexpr std::array<std::string_view, 4> kMostOfHost = {"most_destinations", "most_smtp_destinations",
                                                         "most_names", "most_sources"};

template <class Names>
std::vector<std::string_view> list(const Names& names) {
  return {names.begin(), names.end()};
}

const std::array<std::string_view, kHistoryKinds> kKeys = {"begin", "begin, host", "begin, host"};

// In quotes: "from" is one.
std::string column_text(std::string_view name) {
  return fmt::format("\"{}\" INTEGER NOT NULL DEFAULT 0", name);
}

void make_table(Database& database, HistoryKind kind, aggregator::SeriesStep step) {
  const std::string table = history_table(kind, step);
  const auto names = history_column_names(kind);
  std::string columns = "begin INTEGER NOT NULL";
  if (kind != HistoryKind::kSensor) columns += ", host TEXT NOT NULL";
  for (const std::string_view name : names) columns += ", " + column_text(name);
  database.run(fmt::format("CREATE TABLE IF NOT EXISTS {}({}, PRIMARY KEY({})) WITHOUT ROWID", table, columns,
                           kKeys[static_cast<std::size_t>(kind)]));
  std::set<std::string> known;
  Statement info = database.prepare(fmt::format("SELECT name FROM pragma_table_info('{}')", table));
  while (info.step()) known.insert(info.text(0));
  for (const std::string_view name : names) {
    if (!known.contains(std::string(name)))
      database.run(fmt::format("ALTER TABLE {} ADD COLUMN {}", table, column_text(name)));
  }
}

void refuse_newer(Database& database, std::int64_t version) {
  if (version <= kSchemaVersion) return;
  throw HistoryError(fmt::format(
      "{}: a newer tapline wrote this history (its schema is {}, this one knows {}). Use that tapline, or "
      "another [state] folder",
      database.word("SELECT file FROM pragma_database_list WHERE name = 'main'"), version, kSchemaVersion));
}

}  // namespace

const HistoryColumns& history_columns(HistoryKind kind) {
  static const std::array<HistoryColumns, kHistoryKinds> kColumns = {{
      {list(aggregator::kSensorFieldNames), {}},
      {list(aggregator::kHostFieldNames), list(kMostOfHost)},
      {list(aggregator::kMailFieldNames), {}},
  }};
  return kColumns[static_cast<std::size_t>(kind)];
}

std::vector<std::string_view> history_column_names(HistoryKind kind) {
  std::vector<std::string_view> names = history_columns(kind).summed;
  const auto& most = history_columns(kind).most;
  names.insert(names.end(), most.begin(), most.end());
  return names;
}

std::string history_table(HistoryKind kind, aggregator::SeriesStep step) {
  constexpr std::array<std::string_view, aggregator::kSeriesSteps> kNames = {"second", "minute", "hour",
                                                                             "day"};
  return fmt::format("{}_{}", kHistoryKindNames[static_cast<std::size_t>(kind)],
                     kNames[static_cast<std::size_t>(step)]);
}

void expect_history_tables(Database& database, const std::string& file) {
  if (database.number("SELECT count(*) FROM sqlite_schema") == 0)
    throw HistoryError(
        fmt::format("{}: is empty yet; tapline is just beginning it. Ask again in a moment", file));
  if (database.number("PRAGMA application_id") != kApplicationId)
    throw HistoryError(fmt::format("{}: is no history of tapline's. Name its folder with --state", file));
  refuse_newer(database, database.number("PRAGMA user_version"));
}

void make_history_tables(Database& database) {
  if (database.number("PRAGMA application_id") != kApplicationId &&
      database.number("SELECT count(*) FROM sqlite_schema") > 0) {
    throw HistoryError(
        fmt::format("{}: is a database, but not tapline's. Move it away, or name another [state] folder",
                    database.word("SELECT file FROM pragma_database_list WHERE name = 'main'")));
  }
  refuse_newer(database, database.number("PRAGMA user_version"));
  Transaction transaction(database);
  for (std::size_t kind = 0; kind < kHistoryKinds; ++kind) {
    for (const aggregator::SeriesStep step : kHistorySteps)
      make_table(database, static_cast<HistoryKind>(kind), step);
  }
  // Seconds since 1970. A run is a start of the program; `until` is how far it was written, `ended` whether
  // it ended in order.
  database.run(
      "CREATE TABLE IF NOT EXISTS runs(run INTEGER PRIMARY KEY AUTOINCREMENT, first INTEGER NOT NULL,"
      " until INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0, version TEXT NOT NULL)");
  database.run(
      "CREATE TABLE IF NOT EXISTS findings(run INTEGER NOT NULL, id INTEGER NOT NULL, detector TEXT NOT NULL,"
      " subject TEXT NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, score REAL NOT "
      "NULL,"
      " severity TEXT NOT NULL, evidence TEXT NOT NULL, advice TEXT NOT NULL, cut INTEGER NOT NULL DEFAULT 0,"
      " PRIMARY KEY(run, id)) WITHOUT ROWID");
  database.run("CREATE INDEX IF NOT EXISTS findings_since ON findings(since)");
  database.run(
      "CREATE TABLE IF NOT EXISTS gaps(begin INTEGER NOT NULL, end INTEGER NOT NULL, why TEXT NOT NULL,"
      " PRIMARY KEY(begin, end)) WITHOUT ROWID");
  database.run("CREATE TABLE IF NOT EXISTS names(name TEXT PRIMARY KEY, host TEXT NOT NULL) WITHOUT ROWID");
  database.run(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.run(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
}

}  // namespace mgmt
