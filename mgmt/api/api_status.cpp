// How the sensor is: whether all is well, its rates, and what it lost.
#include <algorithm>

#include <fmt/format.h>

#include "mgmt/api/api_handlers.h"
#include "mgmt/api/health.h"
#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"
#include "mgmt/time_text.h"
#include "wire/address.h"

namespace mgmt::api {
namespace {

using aggregator::SensorCounts;
using aggregator::SensorField;

Json counts_json(const SensorCounts& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < aggregator::kSensorFields; ++i)
    json[std::string(aggregator::kSensorFieldNames[i])] = counts.of[i];
  return json;
}

std::uint64_t open_findings(const SensorState& state) {
  if (!state.summary.hosts) return 0;
  return static_cast<std::uint64_t>(std::ranges::count_if(
      state.summary.hosts->findings, [](const auto& finding) { return !finding.until_ns.has_value(); }));
}

Json watched_json(const SensorState& state) {
  Json hosts = Json::array();
  for (const wire::Address& host : state.curves) {
    const std::string name = name_of(state, host);
    hosts.push_back({{"address", wire::to_text(host)}, {"name", name.empty() ? Json() : Json(name)}});
  }
  return hosts;
}

// How many seconds back curves of each step go, at most.
Json reach_json(const Config& config) {
  Json json = Json::object();
  for (std::size_t i = 0; i < aggregator::kSeriesSteps; ++i)
    json[std::string(aggregator::kSeriesStepNames[i])] =
        aggregator::kSeriesPoints[i] * aggregator::kSeriesStepSeconds[i];
  if (!config.history || !config.history->enabled) return json;
  const auto reach = [&](const char* step, std::int64_t kept_ns) {
    const auto kept_s = static_cast<std::uint64_t>(kept_ns / 1'000'000'000);
    json[step] = std::max(json[step].get<std::uint64_t>(), kept_s);
  };
  reach("1m", config.history->keep_minutes_ns);
  reach("1h", config.history->keep_hours_ns);
  reach("1d", config.history->keep_days_ns);
  return json;
}

std::string rate_line(const SensorCounts& last, std::uint64_t clients) {
  return fmt::format("{} frames/s, {}b/s, {} queries/s, {} answers/s, {} SYNs/s ({} paired), {} clients",
                     compact(last[SensorField::kFrames]), compact(8 * last[SensorField::kBytes]),
                     compact(last[SensorField::kQueries]), compact(last[SensorField::kResponses]),
                     compact(last[SensorField::kSyns]),
                     share(last[SensorField::kPairs], last[SensorField::kSyns]), compact(clients));
}

void add(TextTable& table, std::string what, std::string is) {
  table.add({std::move(what), std::move(is)});
}

}  // namespace

Json status_json(ApiCall& call) {
  const SensorState& state = *call.state;
  const std::vector<std::string> problems = health_problems(state);
  const auto& hosts = state.summary.hosts;
  return {{"version", TAPLINE_VERSION},
          {"healthy", problems.empty()},
          {"problems", problems},
          {"capturing", state.capturing},
          {"started", state.started_s},
          {"uptime", state.taken_s - state.started_s},
          {"second", state.second == 0 ? Json() : Json(state.second)},
          {"counted_since", state.counted_since ? Json(*state.counted_since) : Json()},
          {"reach", reach_json(*state.config)},
          {"last", counts_json(state.last)},
          {"last_clients", state.last_clients},
          {"total", counts_json(state.total)},
          {"findings", {{"open", open_findings(state)}, {"all", hosts ? hosts->findings.size() : 0}}},
          {"learning", hosts && hosts->learning},
          {"watched", watched_json(state)},
          {"ledger", mgmt::ledger_json(state.summary.ledger)},
          {"live", state.summary.live ? mgmt::live_json(*state.summary.live, state.summary.ledger) : Json()}};
}

std::string status_text(ApiCall& call) {
  const SensorState& state = *call.state;
  const std::vector<std::string> problems = health_problems(state);
  std::string text = fmt::format(
      "{}  {}\n", strong("tapline " TAPLINE_VERSION, call.style),
      problems.empty()
          ? ok_color("healthy", call.style)
          : failure_color(problems.size() == 1 ? "1 problem" : fmt::format("{} problems", problems.size()),
                          call.style));
  for (const std::string& problem : problems) {
    Lines lines = wrapped(problem, kSectionColumns - 2);
    for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "  ! " : "    ") + lines[i] + "\n";
  }
  TextTable table({{""}, {""}});
  const auto up_ns =
      static_cast<std::uint64_t>(std::max<std::int64_t>(state.taken_s - state.started_s, 0)) * 1'000'000'000;
  add(table, "up", time_span_text(up_ns) + (state.capturing ? "" : ", the capture has ended"));
  add(table, "packet time",
      state.second == 0 ? "no second is complete yet"
                        : mgmt::time_text(static_cast<std::int64_t>(state.second)));
  add(table, "last second", rate_line(state.last, state.last_clients));
  add(table, "since the start",
      fmt::format("{} frames, {}, {} queries, {} SYNs", grouped(state.total[SensorField::kFrames]),
                  bytes_text(static_cast<double>(state.total[SensorField::kBytes])),
                  grouped(state.total[SensorField::kQueries]), grouped(state.total[SensorField::kSyns])));
  add(table, "lost",
      fmt::format("{} frames, {} events", grouped(state.total[SensorField::kLostFrames]),
                  grouped(state.total[SensorField::kLostEvents])));
  if (state.summary.hosts) {
    add(table, "findings",
        fmt::format("{} open, {} in all{}", open_findings(state), state.summary.hosts->findings.size(),
                    state.summary.hosts->learning ? "; still learning what is usual" : ""));
  }
  Lines lines = table.lines(call.style, kTextColumns + 40);
  for (std::size_t i = 1; i < lines.size(); ++i) text += "  " + lines[i] + "\n";
  Lines tap = tap_section(state.summary, call.style);
  if (!tap.empty()) text += "\n" + heading("Tap", call.style) + "\n";
  indent(tap, kMarginColumns);
  for (const std::string& line : tap) text += line + "\n";
  return text;
}

}  // namespace mgmt::api
