#include "mgmt/regress_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/mail_model.h"
#include "mgmt/number_text.h"
#include "mgmt/scatter_plot.h"
#include "mgmt/text_table.h"

namespace mgmt {
namespace {

using aggregator::Coefficient;
using aggregator::NamedColumn;

constexpr std::size_t kMostRows = 40;  // of the table of residuals
constexpr std::size_t kNameColumns = 24;

std::string name_text(std::string_view name, const TextStyle& style) {
  return printable(name, kNameColumns, style);
}

// Five digits; whole numbers whole.
std::string figure_text(double value) {
  if (std::isnan(value)) return "-";
  if (value == std::round(value) && std::abs(value) < 1e15) {
    return (value < 0 ? "-" : "") + grouped(static_cast<std::uint64_t>(std::abs(value)));
  }
  if (std::abs(value) >= 10'000 && std::abs(value) < 1e15) return figure_text(std::round(value));
  return fmt::format("{:.5g}", value);
}

// With so many decimals; whole numbers have their thousands grouped.
std::string fixed_text(double value, int decimals) {
  return decimals == 0 ? figure_text(std::round(value)) : fmt::format("{:.{}f}", value, decimals);
}

// Four digits of the greatest residual.
int decimals_of(std::span<const double> residuals) {
  double greatest = 0;
  for (const double residual : residuals) greatest = std::max(greatest, std::abs(residual));
  return greatest > 0 ? std::clamp(3 - static_cast<int>(std::floor(std::log10(greatest))), 0, 6) : 0;
}

std::string r2_text(double r2) {
  return std::isnan(r2) ? "not known" : fmt::format("{:.4f}", r2);
}

Lines normal_equations(const RegressAnswer& answer, const TextStyle& style) {
  const auto& coefficients = answer.regression.coefficients;
  std::vector<Column> columns = {{"A", Align::kLeft}};
  for (const Coefficient& coefficient : coefficients) {
    columns.push_back({name_text(coefficient.name, style), Align::kRight});
  }
  columns.push_back({"d", Align::kRight});
  TextTable table(columns);
  const std::size_t count = coefficients.size();
  for (std::size_t row = 0; row < count; ++row) {
    std::vector<std::string> cells = {name_text(coefficients[row].name, style)};
    for (std::size_t c = 0; c < count; ++c)
      cells.push_back(fmt::format("{:#.4g}", answer.regression.matrix[row * count + c]));
    cells.push_back(fmt::format("{:#.4g}", answer.regression.vector[row]));
    table.add(std::move(cells));
  }
  return table.lines(style, kTextColumns - 2);
}

Lines coefficients(const RegressAnswer& answer, const TextStyle& style) {
  TextTable table({{"column", Align::kLeft},
                   {"coefficient", Align::kRight},
                   {"standard error", Align::kRight},
                   {"from", Align::kRight},
                   {"to (95 %)", Align::kRight}});
  for (const Coefficient& x : answer.regression.coefficients) {
    table.add({name_text(x.name, style), figure_text(x.value), figure_text(x.standard_error),
               figure_text(x.low), figure_text(x.high)});
  }
  Lines lines = table.lines(style, kTextColumns - 2);
  lines.emplace_back();
  lines.push_back(fmt::format("R^2 {} of the variance about the mean, {} about zero",
                              r2_text(answer.regression.r2), r2_text(answer.regression.r2_about_zero)));
  lines.push_back(
      fmt::format("residuals have a standard deviation of {}", figure_text(answer.regression.deviation)));
  return lines;
}

// The papers' n, taking the first column's coefficient for m_S.
Lines destinations(const RegressAnswer& answer, const TextStyle& style) {
  if (!answer.question.q) return {};
  const Coefficient& m_s = answer.regression.coefficients.front();
  Lines lines = {""};
  for (const double k : aggregator::kQueriesADomain) {
    const auto n = aggregator::destinations_per_mail(m_s.value, *answer.question.q, k);
    lines.push_back(fmt::format("m_S = 2 + k n (1 - q) with m_S of {}, k = {:g} and q = {:g}: n = {:.2f}",
                                name_text(m_s.name, style), k, *answer.question.q, n.value_or(0)));
  }
  return lines;
}

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// The share of what is calculated that was not asked: a cache answered, if nothing else did.
std::optional<double> efficiency(const RegressAnswer& answer) {
  return aggregator::cache_efficiency(sum_of(answer.table.columns.back().values),
                                      sum_of(answer.regression.calculated));
}

std::string efficiency_text(const RegressAnswer& answer) {
  const auto share = efficiency(answer);
  return share ? fmt::format("cache efficiency 1 - observed / calculated = {:.3f}", *share)
               : "nothing is calculated, so a cache's efficiency is not known";
}

// All rows, or those with the largest residuals, in their order.
std::vector<std::size_t> shown_rows(const RegressAnswer& answer) {
  const auto& residuals = answer.regression.residuals;
  std::vector<std::size_t> rows(residuals.size());
  std::iota(rows.begin(), rows.end(), 0);
  if (rows.size() <= kMostRows) return rows;
  std::ranges::stable_sort(rows, std::ranges::greater{},
                           [&](std::size_t row) { return std::abs(residuals[row]); });
  rows.resize(kMostRows);
  std::ranges::sort(rows);
  return rows;
}

Lines residuals(const RegressAnswer& answer, const TextStyle& style) {
  const auto& regression = answer.regression;
  const NamedColumn& y = answer.table.columns.back();
  const int decimals = decimals_of(regression.residuals);
  TextTable table({{"row", Align::kLeft},
                   {name_text(y.name, style), Align::kRight},
                   {"calculated", Align::kRight},
                   {"residual", Align::kRight},
                   {"deviations", Align::kRight}});
  for (const std::size_t row : shown_rows(answer)) {
    table.add({name_text(answer.table.rows[row], style), figure_text(y.values[row]),
               fixed_text(regression.calculated[row], decimals),
               fixed_text(regression.residuals[row], decimals),
               std::isnan(regression.deviation) || regression.deviation <= 0
                   ? "-"
                   : fmt::format("{:+.1f}", regression.residuals[row] / regression.deviation)});
  }
  Lines lines = table.lines(style, kTextColumns - 2);
  if (const std::size_t all = regression.residuals.size(); all > kMostRows) {
    lines.push_back(faint(fmt::format("the {} largest of {}", kMostRows, grouped(all)), style));
  }
  return lines;
}

void add_section(std::string_view title, Lines lines, const TextStyle& style, Lines& text) {
  text.emplace_back();
  text.push_back(heading(title, style));
  indent(lines, 2);
  append(text, std::move(lines));
}

std::string model_text(const RegressAnswer& answer, const TextStyle& style) {
  std::string text = name_text(answer.question.y, style) + " =";
  const auto& x = answer.regression.coefficients;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::string sign = i > 0 || x[i].value < 0 ? (x[i].value < 0 ? " -" : " +") : "";
    text += fmt::format("{} {}", sign, figure_text(std::abs(x[i].value)));
    if (x[i].name != aggregator::kInterceptName) text += " " + name_text(x[i].name, style);
  }
  return text;
}

}  // namespace

std::string regress_text(const RegressAnswer& answer, const TextStyle& style) {
  Lines text = wrapped(fmt::format("{}  {}, {} rows", strong("tapline regress", style), answer.source,
                                   grouped(answer.table.rows.size())),
                       kTextColumns);
  append(text, wrapped(model_text(answer, style), kTextColumns));
  add_section("Normal equations, A x = d", normal_equations(answer, style), style, text);
  Lines solution = coefficients(answer, style);
  append(solution, destinations(answer, style));
  const bool given = !answer.question.given.empty();
  if (given) solution.push_back(efficiency_text(answer));
  add_section(given ? "Coefficients as given" : "Solution by least squares", std::move(solution), style,
              text);
  add_section("Observed and calculated",
              scatter_plot(answer.table.columns.back().values, answer.regression.calculated, style), style,
              text);
  add_section("Residuals", residuals(answer, style), style, text);
  std::string whole;
  for (const std::string& line : text) whole += line + "\n";
  return whole;
}

std::string regress_json(const RegressAnswer& answer) {
  using Json = nlohmann::ordered_json;
  const auto& regression = answer.regression;
  const auto known = [](double value) { return std::isnan(value) ? Json() : Json(value); };
  Json x = Json::array();
  Json coefficients = Json::array();
  Json errors = Json::array();
  Json intervals = Json::array();
  Json matrix = Json::array();
  const std::size_t count = regression.coefficients.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Coefficient& coefficient = regression.coefficients[i];
    x.push_back(printable(coefficient.name, kPathColumns, TextStyle{}));
    coefficients.push_back(coefficient.value);
    errors.push_back(known(coefficient.standard_error));
    intervals.push_back({known(coefficient.low), known(coefficient.high)});
    const auto row = regression.matrix.begin() + static_cast<std::ptrdiff_t>(i * count);
    matrix.push_back(std::vector<double>(row, row + static_cast<std::ptrdiff_t>(count)));
  }
  Json destinations = Json::array();
  for (const double k : aggregator::kQueriesADomain) {
    if (!answer.question.q) break;
    const auto n = aggregator::destinations_per_mail(regression.coefficients[0].value, *answer.question.q, k);
    destinations.push_back({{"q", *answer.question.q}, {"k", k}, {"n", n ? Json(*n) : Json()}});
  }
  Json rows = Json::array();
  for (const std::string& row : answer.table.rows) rows.push_back(printable(row, kPathColumns, TextStyle{}));
  const Json json = {
      {"n", answer.table.rows.size()},
      {"y", printable(answer.question.y, kPathColumns, TextStyle{})},
      {"x", std::move(x)},
      {"intercept", answer.question.settings.intercept},
      {"nonnegative", answer.question.settings.nonnegative},
      {"matrix", std::move(matrix)},
      {"vector", regression.vector},
      {"coefficients", std::move(coefficients)},
      {"stderr", std::move(errors)},
      {"interval95", std::move(intervals)},
      {"r2", known(regression.r2)},
      {"r2_about_zero", known(regression.r2_about_zero)},
      {"deviation", known(regression.deviation)},
      {"given", !answer.question.given.empty()},
      {"cache_efficiency",
       answer.question.given.empty() ? Json() : known(efficiency(answer).value_or(aggregator::kNotKnown))},
      {"destinations_per_mail", std::move(destinations)},
      {"rows", std::move(rows)},
      {"observed", answer.table.columns.back().values},
      {"calculated", regression.calculated},
      {"residuals", regression.residuals}};
  return json.dump(2) + "\n";
}

}  // namespace mgmt
