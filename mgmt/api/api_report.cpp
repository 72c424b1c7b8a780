// The parts of the report, as they are now.
#include "mgmt/api/api_handlers.h"
#include "mgmt/config_text.h"
#include "mgmt/report_json.h"
#include "mgmt/report_sections.h"
#include "mgmt/report_text.h"

namespace mgmt::api {
namespace {

std::string section_text(const char* title, Lines lines, const TextStyle& style) {
  if (lines.empty()) lines.emplace_back("nothing yet");
  indent(lines, kMarginColumns);
  std::string text = heading(title, style) + "\n";
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// It says whose networks and servers these are.
void refuse_if_hidden(const ApiCall& call) {
  if (call.state->hides) throw ApiError(403, "with [privacy], the configuration is for the Unix socket only");
}

template <class Row>
Json rows_json(const std::vector<Row>& rows, Json (*row_json)(const Row&)) {
  Json json = Json::array();
  for (const Row& row : rows) json.push_back(row_json(row));
  return json;
}

}  // namespace

Json summary_json(ApiCall& call) {
  return Json::parse(report_json(call.state->summary));
}
std::string summary_text(ApiCall& call) {
  return report_text(call.state->summary, "tapline", {}, call.style);
}

Json dns_json(ApiCall& call) {
  return mgmt::dns_json(call.state->summary.dns, call.state->summary.ledger);
}
std::string dns_text(ApiCall& call) {
  return section_text("DNS", dns_section(call.state->summary, call.style), call.style);
}

Json pairing_json(ApiCall& call) {
  return mgmt::pairing_json(call.state->summary.pairing);
}
std::string pairing_text(ApiCall& call) {
  return section_text("DNS answers and TCP connections", pairing_section(call.state->summary, call.style),
                      call.style);
}

Json delay_json(ApiCall& call) {
  return mgmt::delay_json(call.state->summary.pairing);
}
std::string delay_text(ApiCall& call) {
  return section_text("Delay from answer to connection", delay_section(call.state->summary, call.style),
                      call.style);
}

Json patterns_json(ApiCall& call) {
  const auto& hosts = call.state->summary.hosts;
  if (!hosts) return {{"patterns", Json::array()}, {"clients", Json::array()}, {"uncounted", 0}};
  return {{"patterns", rows_json(hosts->patterns, pattern_json)},
          {"clients", rows_json(hosts->pattern_clients, pattern_client_json)},
          {"uncounted", hosts->uncounted_matches}};
}
std::string patterns_text(ApiCall& call) {
  return section_text("Names that match patterns", patterns_section(call.state->summary, call.style),
                      call.style);
}

Json mail_json(ApiCall& call) {
  const auto& hosts = call.state->summary.hosts;
  return {{"servers", hosts ? rows_json(hosts->mail, mgmt::mail_json) : Json::array()}};
}
std::string mail_text(ApiCall& call) {
  return section_text("Mail servers", mail_section(call.state->summary, call.style), call.style);
}

Json config_json(ApiCall& call) {
  refuse_if_hidden(call);
  return Json::parse(mgmt::config_json(*call.state->config));
}
std::string config_text(ApiCall& call) {
  refuse_if_hidden(call);
  return mgmt::config_text(*call.state->config);
}

Json reload_json(ApiCall& call) {
  const auto reload = call.sensor.reload();
  if (!reload) throw ApiError(503, "the sensor is ending");
  if (!reload->done) throw ApiError(409, reload->sentence);
  return {{"reloaded", true}, {"message", reload->sentence}};
}

}  // namespace mgmt::api
