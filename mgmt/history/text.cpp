#include "mgmt/history/text.h"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mgmt/history/evidence_json.h"
#include "mgmt/history/figures.h"
#include "mgmt/number_text.h"
#include "mgmt/text_table.h"
#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

using Json = nlohmann::ordered_json;
using aggregator::SeriesStep;

constexpr std::array<std::array<std::string_view, 7>, kHistoryKinds> kChosenColumns = {
    {{"queries", "responses", "nxdomain", "syns", "pairs", "lost_frames"},
     {"queries", "unresolved", "queries_a", "queries_ptr", "queries_mx"},
     {"smtp", "from", "to", "deferred", "rejected", "pop3", "dq"}}};

// "2026-11-22 09:40", as clocks here showed it.
std::string local_text(std::int64_t seconds, SeriesStep step = SeriesStep::kMinute) {
  const std::time_t local = seconds + zone_of_machine(seconds);
  return step == SeriesStep::kDay ? fmt::format("{:%Y-%m-%d %a}", fmt::gmtime(local))
                                  : fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(local));
}
std::string local_text(std::uint64_t seconds, SeriesStep step = SeriesStep::kMinute) {
  return local_text(static_cast<std::int64_t>(seconds), step);
}

std::string iso_text(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}
std::string iso_text(std::uint64_t seconds) {
  return iso_text(static_cast<std::int64_t>(seconds));
}

std::string heading_text(std::string_view what, const TextStyle& style) {
  const std::time_t now = std::time(nullptr);
  return fmt::format("{}  {}, times {}\n\n", strong("tapline history", style), what,
                     zone_text(zone_of_machine(now)));
}

template <class Row>
std::string left_out_text(const HistoryAnswer<Row>& answer, const TextStyle& style) {
  if (!answer.more) return "";
  return faint(
             fmt::format("Only the newest {} are shown; --limit or --from shows others.", answer.rows.size()),
             style) +
         "\n";
}

std::string table_text(const TextTable& table, const TextStyle& style) {
  std::string text;
  for (const std::string& line : table.lines(style, kTextColumns)) text += line + "\n";
  return text;
}

std::string_view why_text(const std::string& why) {
  if (why == "stopped") return "tapline did not run";
  if (why == "killed") return "tapline did not end in order; up to a minute before is lost";
  if (why == "unwritten") return "could not be written, as on a full disk";
  if (why == "unsent") return "could not be sent before its spool was full";
  return why;
}

std::string gap_line(const HistoryGap& gap) {
  const std::string sensor = gap.sensor.empty() ? "" : gap.sensor + "  ";
  return fmt::format("{}{} to {}  {} without a record: {}", sensor, local_text(gap.begin),
                     local_text(gap.end), time_span_text((gap.end - gap.begin) * 1'000'000'000),
                     why_text(gap.why));
}

bool with_hosts(const HistoryOptions& options) {
  return options.query.kind != HistoryKind::kSensor;
}
bool with_sensors(const HistoryOptions& options) {
  return options.fleet.has_value();
}
bool of_many_hosts(const HistoryOptions& options) {
  return with_hosts(options) && options.query.host.empty();
}

std::vector<std::string> shown_columns(const HistoryOptions& options) {
  if (!options.columns.empty()) return options.columns;
  if (options.format != SeriesFormat::kText) return history_figure_names(options.query.kind);
  constexpr std::size_t kBesideHosts = 3;  // so that a line fits
  std::vector<std::string> names;
  for (const std::string_view name : kChosenColumns[static_cast<std::size_t>(options.query.kind)]) {
    if (!name.empty()) names.emplace_back(name);
  }
  if (of_many_hosts(options) || with_sensors(options)) names.resize(kBesideHosts);
  return names;
}

std::string steps_table(const HistoryOptions& options, HistorySource& source,
                        const HistoryAnswer<HistoryStep>& answer, const TextStyle& style) {
  const auto columns = shown_columns(options);
  const bool hosts = of_many_hosts(options);
  std::vector<Column> titles = {{"begin"}};
  if (with_sensors(options)) titles.push_back({"sensor"});
  if (hosts) titles.push_back({"host"});
  for (const std::string& name : columns) titles.push_back({name, Align::kRight});
  TextTable table(titles);
  for (const HistoryStep& step : answer.rows) {
    std::vector<std::string> cells = {local_text(step.begin, options.query.step)};
    if (with_sensors(options)) cells.push_back(step.sensor);
    if (hosts) cells.push_back(step.row.host);
    for (const std::string& name : columns)
      cells.push_back(grouped(history_figure(options.query.kind, name, step.row).value_or(0)));
    table.add(std::move(cells));
  }
  std::string what(kHistoryKindNames[static_cast<std::size_t>(options.query.kind)]);
  if (!options.query.host.empty()) what += " " + printable(options.query.host, 40, style);
  std::string text =
      heading_text(fmt::format("{} by {}", what,
                               aggregator::kSeriesStepNames[static_cast<std::size_t>(options.query.step)]),
                   style);
  text += answer.rows.empty() ? "Nothing is kept of that time.\n" : table_text(table, style);
  text += left_out_text(answer, style);
  HistoryRange range = options.query.range;
  if (!range.from && !answer.rows.empty()) range.from = static_cast<std::int64_t>(answer.rows.front().begin);
  const auto gaps = source.gaps(range);
  if (!gaps.rows.empty()) text += "\n";
  for (const HistoryGap& gap : gaps.rows) text += gap_line(gap) + "\n";
  return text;
}

std::string steps_csv(const HistoryOptions& options, const HistoryAnswer<HistoryStep>& answer) {
  const auto columns = shown_columns(options);
  std::string text = "time,begin";
  if (with_sensors(options)) text += ",sensor";
  if (with_hosts(options)) text += ",host";
  for (const std::string& name : columns) text += "," + name;
  text += "\r\n";
  for (const HistoryStep& step : answer.rows) {
    text += fmt::format("{},{}", iso_text(step.begin), step.begin);
    if (with_sensors(options)) text += "," + step.sensor;
    if (with_hosts(options)) text += "," + step.row.host;
    for (const std::string& name : columns)
      text += fmt::format(",{}", history_figure(options.query.kind, name, step.row).value_or(0));
    text += "\r\n";
  }
  return text;
}

Json gap_json(const HistoryGap& gap) {
  Json json = {{"begin", gap.begin},
               {"end", gap.end},
               {"from", iso_text(gap.begin)},
               {"to", iso_text(gap.end)},
               {"why", gap.why}};
  if (!gap.sensor.empty()) json["sensor"] = gap.sensor;
  return json;
}

template <class Rows, class Make>
Json list_json(const Rows& rows, Make&& make) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(make(row));
  return list;
}

std::string dumped(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string steps_json(const HistoryOptions& options, HistorySource& source,
                       const HistoryAnswer<HistoryStep>& answer) {
  const auto columns = shown_columns(options);
  const auto step_json = [&](const HistoryStep& step) {
    Json row = {{"begin", step.begin}, {"time", iso_text(step.begin)}};
    if (with_sensors(options)) row["sensor"] = step.sensor;
    if (with_hosts(options)) row["host"] = step.row.host;
    for (const std::string& name : columns)
      row[name] = history_figure(options.query.kind, name, step.row).value_or(0);
    return row;
  };
  return dumped({{"what", kHistoryKindNames[static_cast<std::size_t>(options.query.kind)]},
                 {"step", aggregator::kSeriesStepSeconds[static_cast<std::size_t>(options.query.step)]},
                 {"more", answer.more},
                 {"rows", list_json(answer.rows, step_json)},
                 {"gaps", list_json(source.gaps(options.query.range).rows, gap_json)}});
}

std::string steps_text(const HistoryOptions& options, HistorySource& source, const TextStyle& style) {
  const auto answer = source.steps(options.query);
  if (options.format == SeriesFormat::kCsv) return steps_csv(options, answer);
  if (options.format == SeriesFormat::kJson) return steps_json(options, source, answer);
  return steps_table(options, source, answer, style);
}

std::string state_of(const HistoryFinding& finding) {
  if (!finding.until) return "open";
  return finding.cut ? "cut" : "closed";
}

Json finding_json(const HistoryFinding& finding) {
  Json evidence = evidence_json(finding.evidence);
  Json json = {{"run", finding.run},
               {"id", finding.id},
               {"detector", finding.detector},
               {"subject", finding.subject},
               {"name", finding.name},
               {"since", iso_text(finding.since)},
               {"until", finding.until ? Json(iso_text(*finding.until)) : Json()},
               {"state", state_of(finding)},
               {"score", finding.score},
               {"severity", finding.severity},
               {"evidence", evidence.is_discarded() ? Json() : std::move(evidence)},
               {"advice", finding.advice}};
  if (!finding.sensor.empty()) json["sensor"] = finding.sensor;
  return json;
}

// RFC 4180.
std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string findings_csv(const HistoryOptions& options, const HistoryAnswer<HistoryFinding>& answer) {
  std::string text = with_sensors(options) ? "sensor," : "";
  text += "run,id,since,until,state,detector,subject,name,severity,score,evidence,advice\r\n";
  for (const HistoryFinding& finding : answer.rows) {
    if (with_sensors(options)) text += finding.sensor + ",";
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", finding.run, finding.id,
                        iso_text(finding.since), finding.until ? iso_text(*finding.until) : "",
                        state_of(finding), finding.detector, finding.subject, quoted(finding.name),
                        finding.severity, finding.score, quoted(finding.evidence), quoted(finding.advice));
  }
  return text;
}

std::string length_text(const HistoryFinding& finding) {
  if (!finding.until) return "open";
  const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(*finding.until - finding.since, 0));
  return (finding.cut ? "at least " : "") + time_span_text(seconds * 1'000'000'000);
}

std::string findings_text(const HistoryOptions& options, HistorySource& source, const TextStyle& style) {
  const auto answer = source.findings(options.query.range);
  if (options.format == SeriesFormat::kCsv) return findings_csv(options, answer);
  if (options.format == SeriesFormat::kJson)
    return dumped({{"more", answer.more}, {"findings", list_json(answer.rows, finding_json)}});
  std::string text = heading_text("findings", style);
  for (const HistoryFinding& finding : answer.rows) {
    const std::string name =
        finding.name.empty() ? "" : fmt::format(" ({})", printable(finding.name, 40, style));
    const std::string sensor = finding.sensor.empty() ? "" : finding.sensor + "  ";
    text += fmt::format("{}  {}{}  {}{}  {}, score {:.2f}, {}\n", local_text(finding.since), sensor,
                        finding.detector, finding.subject, name, finding.severity, finding.score,
                        length_text(finding));
    Lines advice = wrapped(printable(finding.advice, 1000, style), kTextColumns - 2);
    indent(advice, 2);
    for (const std::string& line : advice) text += line + "\n";
  }
  if (answer.rows.empty()) text += "Nothing was found in that time.\n";
  return text + left_out_text(answer, style);
}

std::string gaps_text(const HistoryOptions& options, HistorySource& source, const TextStyle& style) {
  const auto answer = source.gaps(options.query.range);
  if (options.format == SeriesFormat::kJson)
    return dumped({{"more", answer.more}, {"gaps", list_json(answer.rows, gap_json)}});
  if (options.format == SeriesFormat::kCsv) {
    std::string text = with_sensors(options) ? "sensor," : "";
    text += "from,to,begin,end,why\r\n";
    for (const HistoryGap& gap : answer.rows)
      text += fmt::format("{}{},{},{},{},{}\r\n", with_sensors(options) ? gap.sensor + "," : "",
                          iso_text(gap.begin), iso_text(gap.end), gap.begin, gap.end, gap.why);
    return text;
  }
  std::string text = heading_text("gaps", style);
  for (const HistoryGap& gap : answer.rows) text += gap_line(gap) + "\n";
  if (answer.rows.empty()) text += "There is none in that time.\n";
  return text + left_out_text(answer, style);
}

}  // namespace

std::string history_text(const HistoryOptions& options, HistorySource& source, const TextStyle& style) {
  if (options.asked == HistoryAsked::kFindings) return findings_text(options, source, style);
  if (options.asked == HistoryAsked::kGaps) return gaps_text(options, source, style);
  return steps_text(options, source, style);
}

}  // namespace mgmt
