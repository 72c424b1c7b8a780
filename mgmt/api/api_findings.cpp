// What the detectors found, and that an operator has seen it.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "mgmt/api/api_handlers.h"
#include "mgmt/history/record.h"
#include "mgmt/report_sections.h"
#include "mgmt/words.h"

namespace mgmt::api {
namespace {

using aggregator::Finding;

constexpr std::uint64_t kRows = 100;

// Newest first; those that the parameters ask for.
std::vector<Finding> findings_asked_for(const ApiCall& call) {
  std::vector<Finding> found;
  const bool only_open = call.parameters.flag("open");
  const auto since_s = call.parameters.time("since");
  for (const Finding& finding : all_findings(*call.state)) {
    if (only_open && finding.until_ns) continue;
    if (since_s && finding.until_ns && *finding.until_ns / 1'000'000'000 < *since_s) continue;
    found.push_back(finding);
  }
  std::ranges::reverse(found);
  return found;
}

Json acknowledged_json(const ApiCall& call, const Finding& finding) {
  Json json = finding_json(finding);
  const auto at_s = call.sensor.acknowledgements().of(finding.id);
  json["acknowledged"] = at_s ? Json(*at_s) : Json();
  return json;
}

// By the number in the path.
Finding finding_named(const ApiCall& call) {
  std::uint64_t id = 0;
  const char* const end = call.argument.data() + call.argument.size();
  const auto [rest, error] = std::from_chars(call.argument.data(), end, id);
  const std::vector<Finding> findings = all_findings(*call.state);
  const auto finding = std::ranges::find(findings, id, &Finding::id);
  if (error != std::errc() || rest != end || finding == findings.end())
    throw ApiError(404, fmt::format("there is no finding {}", in_quotes(call.argument)));
  return *finding;
}

}  // namespace

Json findings_json(ApiCall& call) {
  Json json = page_json(call, findings_asked_for(call), kRows,
                        [&](const Finding& finding) { return acknowledged_json(call, finding); });
  const auto& hosts = call.state->summary.hosts;
  json["learning"] = hosts && hosts->learning;
  json["detecting"] = hosts && hosts->detecting;
  json["withheld_steps"] = hosts ? hosts->withheld_steps : 0;
  return json;
}

std::string findings_text(ApiCall& call) {
  aggregator::Summary summary;
  summary.hosts = call.state->summary.hosts;
  if (!summary.hosts || !summary.hosts->detecting)
    return "No host is looked at: [network] internal, [[mail_server]] and [[dns_server]] say which are.\n";
  summary.hosts->findings = findings_asked_for(call);
  std::string text;
  for (const std::string& line : findings_section(summary, call.style)) text += line + "\n";
  return text;
}

Json acknowledge_json(ApiCall& call) {
  const Finding finding = finding_named(call);
  try {
    call.sensor.acknowledgements().add(finding.id, call.state->taken_s);
  } catch (const HistoryError& error) {
    throw ApiError(
        500, fmt::format("it is acknowledged until this run ends, but could not be kept: {}", error.what()));
  }
  return acknowledged_json(call, finding);
}

}  // namespace mgmt::api
