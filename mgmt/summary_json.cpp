#include "mgmt/summary_json.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "mgmt/dns_fault_names.h"
#include "mgmt/service_names.h"
#include "mgmt/text_style.h"
#include "wire/address.h"
#include "wire/dns_message.h"

namespace mgmt {
namespace {

constexpr std::array<std::string_view, 3> kSeverityNames = {"low", "medium", "high"};

// The nearest double of the exact quotient: 64 bits of mantissa hold any count of nanoseconds.
double seconds(std::int64_t ns) {
  return static_cast<double>(static_cast<long double>(ns) / 1e9L);
}

// Without the search for an equal key that operator[] does: a capture may hold each of 65,536 types.
void put_new(Json& object, std::string_view key, std::uint64_t count) {
  object.get_ref<Json::object_t&>().emplace_back(key, count);
}

Json by_name(std::span<const std::string_view> names, std::span<const std::uint64_t> counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < names.size(); ++i) put_new(json, names[i], counts[i]);
  return json;
}

}  // namespace

Json ledger_json(const dataplane::Ledger& ledger) {
  const bool empty = ledger.frames == 0;
  return {{"frames", ledger.frames},
          {"bytes", ledger.bytes},
          {"captured_bytes", ledger.captured_bytes},
          {"first", empty ? Json() : Json(seconds(ledger.first_ns))},
          {"last", empty ? Json() : Json(seconds(ledger.last_ns))},
          {"time_went_back", ledger.time_went_back},
          {"late", ledger.late},
          {"bad_checksum", ledger.bad_checksum},
          {"verdicts", by_name(wire::kVerdictNames, ledger.verdicts)},
          {"events", by_name(dataplane::kEventKindNames, ledger.events)},
          {"ring_full", ledger.ring_full},
          {"fragments_evicted", ledger.fragments_evicted},
          {"dns_streams_evicted", ledger.dns_streams_evicted},
          {"dns_bytes_lost", ledger.dns_bytes_lost},
          {"duplicates_forgotten", ledger.duplicates_forgotten}};
}

Json dns_json(const aggregator::DnsCounts& dns, const dataplane::Ledger& ledger) {
  Json types = Json::object();
  for (const auto& [type, count] : dns.types) put_new(types, wire::type_name(type), count);
  if (dns.no_question > 0) put_new(types, "none", dns.no_question);
  Json rcodes = Json::object();
  for (const auto& [rcode, count] : dns.rcodes) put_new(rcodes, wire::rcode_name(rcode), count);
  return {{"udp", {{"queries", dns.udp_queries}, {"responses", dns.udp_responses}}},
          {"tcp", {{"queries", dns.tcp_queries}, {"responses", dns.tcp_responses}}},
          {"types", std::move(types)},
          {"rcodes", std::move(rcodes)},
          {"malformed", dns.malformed},
          {"faults", by_name(kDnsFaultNames, ledger.dns_faults)}};
}

Json tcp_json(const aggregator::Summary& summary) {
  return {{"syn", summary.syn}, {"syn_ack", summary.syn_ack}};
}

Json ports_json(std::span<const aggregator::PortCount> ports) {
  Json json = Json::array();
  for (const auto& [port, packets] : ports) {
    json.push_back({{"port", port}, {"service", service_name(port)}, {"packets", packets}});
  }
  return json;
}

Json delay_json(const aggregator::Pairing& pairing) {
  Json histogram = Json::array();
  for (const auto& [from_ns, to_ns, count] : pairing.histogram) {
    histogram.push_back({{"from", seconds(from_ns)}, {"to", seconds(to_ns)}, {"count", count}});
  }
  const auto if_known = [&](double value) { return pairing.pairs > 0 ? Json(value) : Json(); };
  const Json rate = pairing.rate_per_s > 0 ? if_known(pairing.rate_per_s) : Json();
  return {{"mean", if_known(pairing.mean_s)}, {"rate", rate},
          {"p50", if_known(pairing.p50_s)},   {"p90", if_known(pairing.p90_s)},
          {"p99", if_known(pairing.p99_s)},   {"histogram", std::move(histogram)}};
}

Json pairing_json(const aggregator::Pairing& pairing) {
  return {{"mode", pairing.mode == aggregator::Correlate::kClient ? "client" : "address"},
          {"window", seconds(pairing.window_ns)},
          {"answers", pairing.answers},
          {"answers_with_address", pairing.answers_with_address},
          {"address_records", pairing.a_records + pairing.aaaa_records},
          {"a_records", pairing.a_records},
          {"aaaa_records", pairing.aaaa_records},
          {"syns", pairing.syns},
          {"pairs", pairing.pairs},
          {"syns_following", pairing.syns_following},
          {"syn_ports", ports_json(pairing.syn_ports)},
          {"paired_ports", ports_json(pairing.paired_ports)},
          {"delay", delay_json(pairing)},
          {"pushed_out", pairing.pushed_out},
          {"evicted", pairing.evicted}};
}

namespace {

struct ClientCount {
  const char* name;
  std::uint64_t aggregator::ClientRow::*count;
};
constexpr std::array<ClientCount, 6> kClientCounts = {{{"queries", &aggregator::ClientRow::queries},
                                                       {"responses", &aggregator::ClientRow::responses},
                                                       {"nxdomain", &aggregator::ClientRow::nxdomain},
                                                       {"connections", &aggregator::ClientRow::connections},
                                                       {"paired", &aggregator::ClientRow::paired},
                                                       {"quic", &aggregator::ClientRow::quic}}};

Json client_counts_json(const aggregator::ClientRow& client) {
  Json json;
  for (const auto& [name, count] : kClientCounts) json[name] = client.*count;
  return json;
}

}  // namespace

Json client_json(const aggregator::ClientRow& client) {
  Json json = {{"address", wire::to_text(client.address)}};
  json.update(client_counts_json(client));
  return json;
}

void append_client_json(std::string& text, const aggregator::ClientRow& client) {
  text.append(R"({"address":")").append(wire::to_text(client.address)).append("\"");
  for (const auto& [name, count] : kClientCounts)
    text.append(",\"").append(name).append("\":").append(fmt::format_int(client.*count).c_str());
  text.append("}");
}

Json other_clients_json(const aggregator::Summary& summary) {
  Json json = client_counts_json(summary.other_clients);
  json["events"] = summary.other_clients_events;
  return json;
}

Json name_json(const aggregator::NameRow& name) {
  return {{"name", name.name}, {"queries", name.queries}, {"error", name.error}};
}

Json domain_json(const aggregator::NameRow& domain) {
  return {{"domain", domain.name}, {"queries", domain.queries}, {"error", domain.error}};
}

Json smtp_client_json(const aggregator::SmtpClientRow& row) {
  return {{"server", wire::to_text(row.server)},
          {"server_name", row.server_name},
          {"client", wire::to_text(row.client)},
          {"connections", row.connections},
          {"error", row.error}};
}

Json unresolved_destination_json(const aggregator::UnresolvedDestinationRow& row) {
  return {{"address", wire::to_text(row.address)},
          {"port", row.port},
          {"connections", row.connections},
          {"error", row.error},
          {"clients", row.clients}};
}

namespace {

Json port_json(const aggregator::LivePort& port) {
  const dataplane::PortCounters& counters = port.counters;
  Json json = {{"name", printable(port.name, kPathColumns, TextStyle{})},
               {"driver", port.driver},
               {"wire", counters.received + counters.lost()},
               {"missed", counters.missed_known ? Json(counters.missed) : Json()},
               {"errors", counters.errors},
               {"no_buffer", counters.no_buffer},
               {"received", counters.received}};
  if (!counters.missed_by_queue.empty()) json["missed_by_queue"] = counters.missed_by_queue;
  return json;
}

Json event_log_json(const aggregator::LiveEventLog& log) {
  return {{"to", log.to},
          {"written", log.written},
          {"lost", log.lost},
          {"trouble", log.trouble.empty() ? Json() : Json(log.trouble)}};
}

Json fleet_json(const aggregator::LiveFleet& fleet) {
  return {{"to", fleet.to},           {"sent", fleet.sent},
          {"waiting", fleet.waiting}, {"waiting_bytes", fleet.waiting_bytes},
          {"lost", fleet.lost},       {"trouble", fleet.trouble.empty() ? Json() : Json(fleet.trouble)}};
}

Json worker_json(const aggregator::LiveWorkerRow& worker) {
  return {{"port", printable(worker.port, kPathColumns, TextStyle{})},
          {"queue", worker.queue},
          {"core", worker.core ? Json(*worker.core) : Json()},
          {"frames", worker.frames},
          {"busy", worker.busy},
          {"longest_poll", seconds(static_cast<std::int64_t>(worker.longest_poll_ns))}};
}

Json syslog_json(const dataplane::SyslogLedger& syslog) {
  return {{"datagrams", syslog.datagrams},
          {"messages", syslog.messages},
          {"connections", syslog.connections},
          {"refused_datagrams", syslog.refused_datagrams},
          {"refused_connections", syslog.refused_connections},
          {"too_many_connections", syslog.too_many_connections},
          {"idle_connections", syslog.idle_connections},
          {"cut_messages", syslog.cut_messages},
          {"dropped_datagrams", syslog.dropped_datagrams},
          {"late", syslog.late}};
}

}  // namespace

Json spool_json(const aggregator::LiveSpool& spool) {
  return {{"folder", printable(spool.folder, kPathColumns, TextStyle{})},
          {"on", spool.on},
          {"written", spool.written},
          {"not_selected", spool.not_selected},
          {"dropped", spool.dropped},
          {"lost", spool.lost},
          {"files", spool.files},
          {"bytes", spool.bytes},
          {"trouble", spool.trouble.empty() ? Json() : Json(spool.trouble)}};
}

Json live_json(const aggregator::LiveLedger& live, const dataplane::Ledger& ledger) {
  Json ports = Json::array();
  for (const aggregator::LivePort& port : live.ports) ports.push_back(port_json(port));
  Json workers = Json::array();
  for (const aggregator::LiveWorkerRow& worker : live.workers) workers.push_back(worker_json(worker));
  Json event_logs = Json::array();
  for (const aggregator::LiveEventLog& log : live.event_logs) event_logs.push_back(event_log_json(log));
  Json filter;
  if (live.filter) {
    filter = {{"unfiltered_seconds", live.filter->unfiltered_seconds},
              {"ratio", live.filter->ratio > 0 && std::isfinite(live.filter->ratio) ? Json(live.filter->ratio)
                                                                                    : Json()},
              {"hides_all", std::isinf(live.filter->ratio)}};
  }
  return {{"ports", std::move(ports)},
          {"workers", std::move(workers)},
          {"nic_filter", std::move(filter)},
          {"syslog", live.syslog ? syslog_json(*live.syslog) : Json()},
          {"event_logs", std::move(event_logs)},
          {"fleet", live.fleet ? fleet_json(*live.fleet) : Json()},
          {"spool", live.spool ? spool_json(*live.spool) : Json()},
          {"events",
           {{"made", ledger.events_made()},
            {"pushed", ledger.events_pushed()},
            {"ring_full", ledger.ring_full},
            {"drained", live.events_drained}}}};
}

namespace {

struct EvidenceJson {
  Json operator()(std::uint64_t count) const { return count; }
  Json operator()(double number) const { return std::isfinite(number) ? Json(number) : Json(); }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(const std::vector<std::string>& texts) const { return texts; }
};

}  // namespace

Json finding_json(const aggregator::Finding& finding) {
  Json evidence = Json::object();
  for (const auto& [key, value] : finding.evidence) evidence[key] = std::visit(EvidenceJson{}, value);
  return {{"id", finding.id},
          {"detector", finding.detector},
          {"subject", wire::to_text(finding.subject)},
          {"name", finding.name.empty() ? Json() : Json(finding.name)},
          {"since", seconds(finding.since_ns)},
          {"until", finding.until_ns ? Json(seconds(*finding.until_ns)) : Json()},
          {"score", finding.score},
          {"severity", kSeverityNames[static_cast<std::size_t>(finding.severity)]},
          {"evidence", std::move(evidence)},
          {"advice", finding.advice}};
}

Json pattern_json(const aggregator::PatternTotal& pattern) {
  return {{"id", pattern.id}, {"label", pattern.label}, {"queries", pattern.queries}};
}

Json pattern_client_json(const aggregator::PatternClientRow& row) {
  return {
      {"id", row.id}, {"client", wire::to_text(row.client)}, {"queries", row.queries}, {"error", row.error}};
}

Json unjudgeable_json(const aggregator::UnjudgeableRow& row) {
  return {{"client", wire::to_text(row.client)},
          {"reason", aggregator::kUnjudgeableNames[static_cast<std::size_t>(row.reason)]}};
}

Json logs_json(const dataplane::LogLedger& logs) {
  Json verdicts = Json::object();
  for (std::size_t i = 0; i < dataplane::kLogVerdicts; ++i)
    verdicts[dataplane::kLogVerdictNames[i]] = logs.verdicts[i];
  return {{"lines", logs.lines},
          {"bytes", logs.bytes},
          {"verdicts", std::move(verdicts)},
          {"time_went_back", logs.time_went_back},
          {"bad_names", logs.bad_names}};
}

namespace {

Json mail_domains_json(const std::vector<aggregator::MailDomainCount>& domains) {
  Json rows = Json::array();
  for (const auto& row : domains)
    rows.push_back({{"domain", row.domain}, {"count", row.count}, {"error", row.error}});
  return rows;
}

}  // namespace

Json mail_json(const aggregator::MailServerSummary& server) {
  Json counts = Json::object();
  for (std::size_t i = 0; i < aggregator::kMailFields; ++i)
    counts[aggregator::kMailFieldNames[i]] = server.counts.of[i];
  Json clients = Json::array();
  for (const auto& row : server.clients)
    clients.push_back({{"client", wire::to_text(row.client)}, {"connects", row.count}, {"error", row.error}});
  Json codes = Json::array();
  for (const auto& row : server.codes) {
    const wire::Dsn dsn = wire::unpack_dsn(row.dsn);
    codes.push_back(
        {{"dsn", fmt::format("{}.{}.{}", dsn.status_class, dsn.subject, dsn.detail)}, {"count", row.count}});
  }
  return {{"server", wire::to_text(server.server)},
          {"name", server.name},
          {"counts", std::move(counts)},
          {"clients", std::move(clients)},
          {"deferred_domains", mail_domains_json(server.deferred_domains)},
          {"rejected_domains", mail_domains_json(server.rejected_domains)},
          {"rejected_codes", std::move(codes)}};
}

}  // namespace mgmt
