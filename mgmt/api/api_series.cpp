// Curves of the sensor, of a watched host and of a mail server.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "aggregator/mail_model.h"
#include "aggregator/regression.h"
#include "mgmt/api/api_handlers.h"
#include "mgmt/api/series_columns.h"
#include "mgmt/host_curves.h"
#include "mgmt/nearest_name.h"
#include "mgmt/rate_plot.h"
#include "mgmt/report_sections.h"
#include "mgmt/time_text.h"
#include "mgmt/words.h"

namespace mgmt::api {
namespace {

using aggregator::NamedColumn;
using aggregator::SeriesStep;

constexpr std::size_t kMostRows = 10'080;   // a week of minutes
constexpr std::size_t kRecentSteps = 1440;  // of a host's curves beside all else that is known of it

SeriesRange range_of(const ApiCall& call) {
  SeriesRange range{.most = kMostRows};
  if (const auto from = call.parameters.time("from"))
    range.from = static_cast<std::uint64_t>(std::max<std::int64_t>(*from, 0));
  if (const auto to = call.parameters.time("to"))
    range.to = static_cast<std::uint64_t>(std::max<std::int64_t>(*to, 0));
  if (range.to <= range.from) throw ApiError(400, "to is not after from");
  return range;
}

// Where the curves beside all else that is known of a host begin.
std::uint64_t recent(const ApiCall& call, SeriesStep step) {
  const std::uint64_t length = kRecentSteps * aggregator::kSeriesStepSeconds[static_cast<std::size_t>(step)];
  return call.state->second - std::min(call.state->second, length);
}

template <class Value>
Value present(std::optional<Value> value, const char* missing) {
  if (!value) throw ApiError(404, missing);
  return std::move(*value);
}

std::vector<aggregator::SeriesPoint> points_of_host(ApiCall& call, const std::string& host,
                                                    const CurveAsked& asked) {
  return present(
      call.sensor.host_points(host_named(*call.state, host), asked),
      "no curves are kept of this host: of the configured servers and of the busiest hosts they are "
      "([memory] series_hosts)");
}

SeriesColumns series_of(ApiCall& call, SeriesStep step) {
  const SeriesRange range = range_of(call);
  if (const auto host = call.parameters.text("host"))
    return columns_of(points_of_host(call, *host, {step, range.from}), step, range);
  return columns_of(present(call.sensor.sensor_points({step, range.from}), "the sensor is ending"), step,
                    range);
}

std::vector<bool> uncounted_in(ApiCall& call, const SeriesColumns& columns) {
  return uncounted(columns, call.sensor.gaps(columns.from));
}

void forget(SeriesColumns& columns, const std::vector<bool>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]) std::ranges::fill(columns.rows[i], aggregator::kNotKnown);
  }
}

// Of the columns, those that "fields" asks for, in its order.
std::vector<std::size_t> fields_asked_for(const ApiCall& call, const SeriesColumns& columns) {
  std::vector<std::size_t> fields;
  const auto asked = call.parameters.text("fields");
  if (!asked) {
    for (std::size_t i = 0; i < columns.names.size(); ++i) fields.push_back(i);
    return fields;
  }
  const std::vector<std::string_view> names(columns.names.begin(), columns.names.end());
  for (std::size_t begin = 0; begin <= asked->size();) {
    const std::size_t end = std::min(asked->find(',', begin), asked->size());
    const std::string name = asked->substr(begin, end - begin);
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
      throw ApiError(
          400, fmt::format("there is no field {}{}", in_quotes(name), suggestion(nearest_name(name, names))));
    }
    fields.push_back(static_cast<std::size_t>(found - names.begin()));
    begin = end + 1;
  }
  return fields;
}

Json number_json(double value) {
  if (!std::isfinite(value)) return {};
  if (value == std::floor(value) && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

Json columns_json(const SeriesColumns& columns, const std::vector<std::size_t>& fields) {
  Json names = Json::array({"begin"});
  for (const std::size_t field : fields) names.push_back(columns.names[field]);
  Json rows = Json::array();
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    Json row = Json::array({columns.from + i * columns.step_s});
    for (const std::size_t field : fields) row.push_back(number_json(columns.rows[i][field]));
    rows.push_back(std::move(row));
  }
  return {{"step", columns.step_s}, {"fields", std::move(names)}, {"rows", std::move(rows)}};
}

NamedColumn named_column(const SeriesColumns& columns, const std::string& name) {
  const auto field = static_cast<std::size_t>(std::ranges::find(columns.names, name) - columns.names.begin());
  NamedColumn column{name, {}};
  for (const auto& row : columns.rows) column.values.push_back(row[field]);
  return column;
}

bool varies(const NamedColumn& column) {
  return !column.values.empty() &&
         std::ranges::minmax(column.values).min != std::ranges::minmax(column.values).max;
}

// D_q by connects and POP3 sessions over the range asked for: what the papers draw beside the observed curve.
struct Model {
  Json coefficients = Json::array();
  double r2 = aggregator::kNotKnown;
  std::vector<double> calculated;  // empty: there are too few rows, or nothing varies
};

// Over the rows that are known; the others have no calculated value either.
Model model_of(const SeriesColumns& columns, const std::vector<bool>& unknown) {
  constexpr std::size_t kFewestRows = 5;
  Model model;
  const auto known = [&](const char* name) {
    NamedColumn all = named_column(columns, name), column{name, {}};
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      if (!unknown[i]) column.values.push_back(all.values[i]);
    }
    return column;
  };
  std::vector<NamedColumn> x;
  for (const char* name : {"smtp", "pop3"}) {
    if (NamedColumn column = known(name); varies(column)) x.push_back(std::move(column));
  }
  if (x.empty() || x.front().values.size() < kFewestRows) return model;
  const aggregator::Regression fit =
      aggregator::regress(known("dq"), x, {.intercept = true, .nonnegative = true});
  if (!fit.determined()) return model;
  for (const aggregator::Coefficient& coefficient : fit.coefficients) {
    model.coefficients.push_back({{"name", coefficient.name},
                                  {"value", number_json(coefficient.value)},
                                  {"standard_error", number_json(coefficient.standard_error)}});
  }
  model.r2 = fit.r2;
  auto next = fit.calculated.begin();
  for (const bool skip : unknown) model.calculated.push_back(skip ? aggregator::kNotKnown : *next++);
  return model;
}

void add_column(SeriesColumns& columns, const char* name, auto&& value_of_row) {
  columns.names.emplace_back(name);
  for (std::size_t i = 0; i < columns.rows.size(); ++i) columns.rows[i].push_back(value_of_row(i));
}

}  // namespace

Json series_json(ApiCall& call) {
  const SeriesStep step = call.parameters.step(SeriesStep::kMinute);
  SeriesColumns columns = series_of(call, step);
  forget(columns, uncounted_in(call, columns));
  return columns_json(columns, fields_asked_for(call, columns));
}

std::string series_text(ApiCall& call) {
  const SeriesStep step = call.parameters.step(SeriesStep::kMinute);
  const SeriesColumns columns = series_of(call, step);
  if (columns.rows.empty()) return "No step has been counted in this time.\n";
  std::vector<std::size_t> fields = fields_asked_for(call, columns);
  const bool chosen = call.parameters.text("fields").has_value();
  std::string text = fmt::format(
      "{} to {}, {} steps of {}\n", mgmt::time_text(static_cast<std::int64_t>(columns.from)),
      mgmt::time_text(static_cast<std::int64_t>(columns.from + columns.rows.size() * columns.step_s)),
      columns.rows.size(), aggregator::kSeriesStepNames[static_cast<std::size_t>(step)]);
  const std::vector<bool> unknown = uncounted_in(call, columns);
  if (const auto steps = std::ranges::count(unknown, true); steps > 0) {
    text += fmt::format("In {} of them nothing was counted: 'tapline history query gaps' says why.\n", steps);
  }
  for (const std::size_t field : fields) {
    std::vector<double> rates;
    for (const auto& row : columns.rows) rates.push_back(row[field] / static_cast<double>(columns.step_s));
    if (!chosen && std::ranges::max(rates) == 0) continue;
    text += "\n" + heading(columns.names[field] + " per second", call.style) + "\n";
    for (const std::string& line : rate_plot(rates, call.style)) text += line + "\n";
  }
  return text;
}

Json mail_series_json(ApiCall& call) {
  const SeriesStep step = call.parameters.step(SeriesStep::kMinute);
  const SeriesRange range = range_of(call);
  SeriesColumns columns =
      columns_of(present(call.sensor.mail_points(host_named(*call.state, call.argument), {step, range.from}),
                         "no log of this server was read: [syslog] and log_from say whose logs are"),
                 step, range);
  const std::vector<bool> unknown = uncounted_in(call, columns);
  const Model model = model_of(columns, unknown);
  const NamedColumn observed = named_column(columns, "dq"), mails = named_column(columns, "from"),
                    connects = named_column(columns, "smtp");
  add_column(columns, "calculated", [&](std::size_t i) {
    return model.calculated.empty() ? aggregator::kNotKnown : model.calculated[i];
  });
  add_column(columns, "residual", [&](std::size_t i) {
    return model.calculated.empty() ? aggregator::kNotKnown : observed.values[i] - model.calculated[i];
  });
  add_column(columns, "mee", [&](std::size_t i) {
    return aggregator::mail_exchange_efficiency(mails.values[i], connects.values[i])
        .value_or(aggregator::kNotKnown);
  });
  forget(columns, unknown);
  std::vector<std::size_t> all(columns.names.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  Json json = columns_json(columns, all);
  json["model"] = {{"coefficients", model.coefficients}, {"r2", number_json(model.r2)}};
  return json;
}

Json host_json(ApiCall& call) {
  const wire::Address host = host_named(*call.state, call.argument);
  const aggregator::Summary& summary = call.state->summary;
  const std::string name = name_of(*call.state, host);
  const auto client = std::ranges::find(summary.clients, host, &aggregator::ClientRow::address);
  Json findings = Json::array();
  Json not_judgeable;
  for (const auto& finding : all_findings(*call.state)) {
    if (finding.subject == host) findings.push_back(finding_json(finding));
  }
  if (summary.hosts) {
    const auto row =
        std::ranges::find(summary.hosts->not_judgeable, host, &aggregator::UnjudgeableRow::client);
    if (row != summary.hosts->not_judgeable.end())
      not_judgeable = aggregator::kUnjudgeableNames[static_cast<std::size_t>(row->reason)];
  }
  const SeriesStep step = call.parameters.step(SeriesStep::kMinute);
  const auto points = call.sensor.host_points(host, {step, recent(call, step)});
  Json curves;
  if (points) {
    const SeriesColumns columns = columns_of(*points, step, {.most = kRecentSteps});
    curves = columns_json(columns, fields_asked_for(call, columns));
  }
  return {{"address", wire::to_text(host)},
          {"name", name.empty() ? Json() : Json(name)},
          {"client", client == summary.clients.end() ? Json() : client_json(*client)},
          {"not_judgeable", std::move(not_judgeable)},
          {"findings", std::move(findings)},
          {"curves", std::move(curves)}};
}

std::string host_text(ApiCall& call) {
  const wire::Address host = host_named(*call.state, call.argument);
  aggregator::Summary only = {};
  const aggregator::Summary& summary = call.state->summary;
  const std::string name = name_of(*call.state, host);
  std::string text = strong(wire::to_text(host), call.style) +
                     (name.empty() ? "" : "  " + printable(name, 40, call.style)) + "\n";
  const auto client = std::ranges::find(summary.clients, host, &aggregator::ClientRow::address);
  const auto add_section = [&](const char* title, Lines lines) {
    if (lines.empty()) return;
    indent(lines, kMarginColumns);
    text += "\n" + heading(title, call.style) + "\n";
    for (const std::string& line : lines) text += line + "\n";
  };
  if (client != summary.clients.end()) only.clients = {*client};
  add_section("As a client, since the start", clients_section(only, call.style));
  if (summary.hosts) {
    only.hosts.emplace();
    only.hosts->detecting = true;
    std::ranges::copy_if(all_findings(*call.state), std::back_inserter(only.hosts->findings),
                         [&](const auto& finding) { return finding.subject == host; });
    std::ranges::copy_if(summary.hosts->not_judgeable, std::back_inserter(only.hosts->not_judgeable),
                         [&](const auto& row) { return row.client == host; });
    only.hosts->not_judgeable_hosts = only.hosts->not_judgeable.size();
    add_section("Findings", findings_section(only, call.style));
  }
  const SeriesStep step = call.parameters.step(SeriesStep::kMinute);
  const auto points = call.sensor.host_points(host, {step, recent(call, step)});
  if (!points && client == summary.clients.end())
    return text + "\nNothing was seen of this host, or it found no room in the tables.\n";
  if (!points || points->empty()) return text;
  const std::int64_t first_ns = static_cast<std::int64_t>(points->front().begin) * 1'000'000'000;
  const std::int64_t last_ns = static_cast<std::int64_t>(call.state->second) * 1'000'000'000;
  return text + "\n" +
         host_curves_text(
             host_curves(host, step, *points, first_ns, std::max(first_ns, last_ns), kRecentSteps),
             call.style);
}

}  // namespace mgmt::api
