#include "mgmt/eve/event_record.h"

#include <array>

#include <fmt/format.h>

#include "mgmt/eve/event_json.h"
#include "mgmt/eve/signatures.h"
#include "mgmt/eve/utc_time.h"

namespace mgmt {
namespace {

constexpr std::array<std::string_view, 3> kEventTypeNames = {"alert", "stats", "dns"};
constexpr std::array<std::string_view, 3> kChangeNames = {"opened", "raised", "closed"};
constexpr std::int64_t kSecondNs = 1'000'000'000;

Urgency urgency_of(AlertChange change, aggregator::Severity severity) {
  if (change == AlertChange::kClosed) return Urgency::kInformational;
  switch (severity) {
    case aggregator::Severity::kHigh:
      return Urgency::kCritical;
    case aggregator::Severity::kMedium:
      return Urgency::kError;
    default:
      return Urgency::kWarning;
  }
}

// 1 is the highest in Suricata.
int eve_severity(aggregator::Severity severity) {
  return 3 - static_cast<int>(severity);
}

Json alert_json(const aggregator::Finding& finding) {
  const Signature& signature = signature_of(finding.detector);
  return {{"action", "allowed"},
          {"gid", 1},
          {"signature_id", signature.id},
          {"rev", 1},
          {"signature", signature.text},
          {"category", signature.category},
          {"severity", eve_severity(finding.severity)}};
}

Json suricata_stats(const aggregator::LiveLedger& live, const dataplane::Ledger& ledger,
                    std::uint64_t uptime_s) {
  std::uint64_t received = 0, lost = 0;
  for (const aggregator::LivePort& port : live.ports) {
    received += port.counters.received;
    lost += port.counters.lost();
  }
  return {{"uptime", uptime_s},
          {"capture", {{"kernel_packets", received + lost}, {"kernel_drops", lost}}},
          {"decoder", {{"pkts", ledger.frames}, {"bytes", ledger.bytes}}}};
}

Json counts_json(const aggregator::SensorCounts& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < aggregator::kSensorFields; ++i)
    json[std::string(aggregator::kSensorFieldNames[i])] = counts.of[i];
  return json;
}

}  // namespace

std::string_view event_type_name(EventType type) noexcept {
  return kEventTypeNames[static_cast<std::size_t>(type)];
}

EventRecord alert_record(AlertChange change, const aggregator::Finding& finding, std::int64_t at_ns,
                         const std::string& sensor) {
  Json json = event_begun(EventType::kAlert, at_ns, sensor);
  json["src_ip"] = wire::to_text(finding.subject);
  json["alert"] = alert_json(finding);
  Json& ours = json["tapline"] = finding_json(finding);
  ours["change"] = kChangeNames[static_cast<std::size_t>(change)];
  return {EventType::kAlert, urgency_of(change, finding.severity), at_ns, event_line(json)};
}

EventRecord stats_record(const StatsSpan& span, const aggregator::LiveLedger& live,
                         const dataplane::Ledger& ledger, std::uint64_t uptime_s, const std::string& sensor) {
  const std::int64_t end_ns = static_cast<std::int64_t>(span.last + 1) * kSecondNs;
  Json json = event_begun(EventType::kStats, end_ns, sensor);
  json["stats"] = suricata_stats(live, ledger, uptime_s);
  const Json of_ports = live_json(live, ledger);
  json["tapline"] = {{"version", TAPLINE_VERSION},
                     {"since", span.first},
                     {"until", span.last + 1},
                     {"counts", counts_json(span.counts)},
                     {"clients_most", span.clients_most},
                     {"ledger", ledger_json(ledger)},
                     {"ports", of_ports["ports"]},
                     {"events", of_ports["events"]}};
  return {EventType::kStats, Urgency::kInformational, end_ns, event_line(json)};
}

std::string eve_time_text(std::int64_t ns_since_1970) {
  return utc_time_text(ns_since_1970) + "+0000";
}

}  // namespace mgmt
