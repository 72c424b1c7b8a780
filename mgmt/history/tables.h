// The tables of the history, as a person finds them with sqlite3.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/step_series.h"
#include "mgmt/history/database.h"
#include "mgmt/history/record.h"

namespace mgmt {

inline constexpr std::array<aggregator::SeriesStep, 3> kHistorySteps = {
    aggregator::SeriesStep::kMinute, aggregator::SeriesStep::kHour, aggregator::SeriesStep::kDay};

struct HistoryColumns {
  std::vector<std::string_view> summed;  // over minutes, hours and days
  std::vector<std::string_view> most;    // the most of any minute; behind the others
};
const HistoryColumns& history_columns(HistoryKind kind);
std::vector<std::string_view> history_column_names(HistoryKind kind);  // all of them, in order

// "sensor_minute", "mail_day".
std::string history_table(HistoryKind kind, aggregator::SeriesStep step);

// Makes what is not there yet, columns too. Throws HistoryError for a database that a newer tapline made, or
// that is none of tapline's; DatabaseError.
void make_history_tables(Database& database);

// Throws HistoryError as above, and if there are no tables.
void expect_history_tables(Database& database, const std::string& file);

}  // namespace mgmt
