#include "mgmt/replay.h"

#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/host_curves.h"
#include "mgmt/read_inputs.h"
#include "mgmt/report_json.h"
#include "mgmt/report_text.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

std::string series_report(const SeriesOptions& series, const ReplayResult& result, const TextStyle& style) {
  const dataplane::Ledger& ledger = result.summary.ledger;
  const HostCurves curves =
      host_curves(series.host, series.step, result.hosts->series().find(series.host)->points(series.step),
                  ledger.first_ns, ledger.last_ns, kMostSeriesPoints);
  switch (series.format) {
    case SeriesFormat::kCsv:
      return host_curves_csv(curves);
    case SeriesFormat::kJson:
      return host_curves_json(curves);
    default:
      return host_curves_text(curves, style);
  }
}

// What the title names.
std::vector<std::string> inputs_of(const ReplayOptions& options) {
  std::vector<std::string> inputs = options.files;
  for (const dataplane::LogFile& log : options.logs) inputs.push_back(log.path);
  return inputs;
}

std::string report(const ReplayOptions& options, const ReplayResult& result, const TextStyle& style) {
  if (options.series) return series_report(*options.series, result, style);
  if (options.json) return report_json(result.summary);
  return report_text(result.summary, "tapline replay", inputs_of(options), style);
}

}  // namespace

int replay(const ReplayOptions& options) {
  const TextStyle style = {locale_is_utf8(), options.color && shows_color(STDOUT_FILENO), options.top};
  ReplayPlan plan = replay_plan(options);
  if (options.series) {
    plan.hosts->series.hosts = {options.series->host};
    plan.hosts->series.points = {};
    plan.hosts->series.points[static_cast<std::size_t>(options.series->step)] = kMostSeriesPoints;
  }
  const ReplayResult result = read_inputs(options, plan, style);
  const bool written = write_standard_output(report(options, result, style));
  return complain_of(result) && written ? kExitDone : kExitFailed;
}

}  // namespace mgmt
