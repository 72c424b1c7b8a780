#include "mgmt/series_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "mgmt/file_mistakes.h"
#include "mgmt/nearest_name.h"
#include "mgmt/time_text.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr double kMostFigure = 1e15;  // so that sums of squares stay far from the end of double

std::optional<double> figure_in(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || !(std::abs(value) <= kMostFigure)) return std::nullopt;
  return value;
}

bool is_time_name(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower == "date" || lower == "time";
}

class SeriesReader {
 public:
  SeriesReader(const CsvTable& csv, std::string_view file) : csv_(csv), mistakes_(file, kMostCsvMistakes) {}

  SeriesTable table(std::span<const std::string> names, bool timed) {
    SeriesTable table;
    const auto places = places_of(names);
    const auto time = std::ranges::find_if(csv_.names, is_time_name);
    if (timed && time == csv_.names.end()) {
      mistakes_.add(1, "no column is named 'date' or 'time', which --step needs; rename the one that is");
    }
    mistakes_.complain();
    for (std::size_t i = 0; i < names.size(); ++i) table.columns.push_back(column(names[i], places[i]));
    if (time != csv_.names.end()) {
      name_by_time(static_cast<std::size_t>(time - csv_.names.begin()), timed, table);
    } else {
      for (std::size_t row = 1; row <= csv_.rows.size(); ++row) table.rows.push_back(fmt::format("{}", row));
    }
    mistakes_.complain();
    return table;
  }

 private:
  std::vector<std::size_t> places_of(std::span<const std::string> names) {
    const std::vector<std::string_view> known(csv_.names.begin(), csv_.names.end());
    std::vector<std::size_t> places;
    for (const std::string& name : names) {
      const auto found = std::ranges::find(csv_.names, name);
      places.push_back(static_cast<std::size_t>(found - csv_.names.begin()));
      if (found != csv_.names.end()) continue;
      mistakes_.add(
          1, fmt::format("there is no column {}{}", in_quotes(name), suggestion(nearest_name(name, known))));
    }
    return places;
  }

  aggregator::NamedColumn column(const std::string& name, std::size_t place) {
    aggregator::NamedColumn column{name, {}};
    column.values.reserve(csv_.rows.size());
    for (const CsvRow& row : csv_.rows) {
      const auto value = figure_in(row.fields[place]);
      column.values.push_back(value.value_or(0));
      if (value) continue;
      mistakes_.add(row.line, fmt::format("{} of column {} is no number from -1e15 to 1e15; write it without "
                                          "separators or units, or leave the row out",
                                          in_quotes(row.fields[place]), in_quotes(name)));
    }
    return column;
  }

  void name_by_time(std::size_t place, bool timed, SeriesTable& table) {
    for (const CsvRow& row : csv_.rows) {
      table.rows.push_back(row.fields[place]);
      if (!timed) continue;
      const auto seconds = parse_time(row.fields[place]);
      table.seconds.push_back(seconds.value_or(0));
      if (seconds) continue;
      mistakes_.add(row.line, fmt::format("{} is no time; write it as 2002-02-11, 2002-02-11T14:00:05Z or "
                                          "seconds since 1970",
                                          in_quotes(row.fields[place])));
    }
  }

  const CsvTable& csv_;
  FileMistakes mistakes_;
};

}  // namespace

SeriesTable series_of(const CsvTable& csv, std::string_view file, std::span<const std::string> names,
                      bool timed) {
  return SeriesReader(csv, file).table(names, timed);
}

SeriesTable summed_by_step(const SeriesTable& table, std::int64_t step_s) {
  std::map<std::int64_t, std::vector<double>> sums;
  for (std::size_t row = 0; row < table.seconds.size(); ++row) {
    const std::int64_t begin = table.seconds[row] - (table.seconds[row] % step_s + step_s) % step_s;
    std::vector<double>& sum = sums[begin];
    sum.resize(table.columns.size());
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += table.columns[c].values[row];
  }
  SeriesTable result;
  for (const aggregator::NamedColumn& column : table.columns) result.columns.push_back({column.name, {}});
  for (const auto& [begin, sum] : sums) {
    result.rows.push_back(time_text(begin));
    result.seconds.push_back(begin);
    for (std::size_t c = 0; c < sum.size(); ++c) result.columns[c].values.push_back(sum[c]);
  }
  return result;
}

}  // namespace mgmt
