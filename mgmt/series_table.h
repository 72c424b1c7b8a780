// Columns of figures over time: what a regression is made of, wherever they come from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aggregator/regression.h"
#include "mgmt/csv_table.h"

namespace mgmt {

struct SeriesTable {
  std::vector<std::string> rows;      // what each is called: its time, or its number
  std::vector<std::int64_t> seconds;  // since 1970, of each row; none if nobody asked
  std::vector<aggregator::NamedColumn> columns;
};

// The columns of these names as numbers. Rows are called by the first column named "date" or "time", in
// either case, which must be readable as times if `timed`. Throws ConfigError as `parse_csv` does.
SeriesTable series_of(const CsvTable& csv, std::string_view file, std::span<const std::string> names,
                      bool timed);

// Rows summed by steps of so many seconds, at multiples of which since 1970 they begin; in the order of time.
// Steps without a row are left out. `table` has times.
SeriesTable summed_by_step(const SeriesTable& table, std::int64_t step_s);

}  // namespace mgmt
