#include "mgmt/report_json.h"

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "mgmt/dns_fault_names.h"
#include "mgmt/service_names.h"
#include "mgmt/text_style.h"
#include "wire/address.h"
#include "wire/dns_message.h"

namespace mgmt {
namespace {

using Json = nlohmann::ordered_json;

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

Json client_counts_json(const aggregator::ClientRow& client) {
  return {{"queries", client.queries},         {"responses", client.responses}, {"nxdomain", client.nxdomain},
          {"connections", client.connections}, {"paired", client.paired},       {"quic", client.quic}};
}

Json client_json(const aggregator::ClientRow& client) {
  Json json = {{"address", wire::to_text(client.address)}};
  json.update(client_counts_json(client));
  return json;
}

Json other_clients_json(const aggregator::Summary& summary) {
  Json json = client_counts_json(summary.other_clients);
  json["events"] = summary.other_clients_events;
  return json;
}

Json name_json(const aggregator::NameRow& name) {
  return {{"name", name.name}, {"queries", name.queries}, {"error", name.error}};
}

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

Json worker_json(const aggregator::LiveWorkerRow& worker) {
  return {{"port", printable(worker.port, kPathColumns, TextStyle{})},
          {"queue", worker.queue},
          {"core", worker.core ? Json(*worker.core) : Json()},
          {"frames", worker.frames},
          {"busy", worker.busy},
          {"longest_poll", seconds(static_cast<std::int64_t>(worker.longest_poll_ns))}};
}

Json live_json(const aggregator::LiveLedger& live, const dataplane::Ledger& ledger) {
  Json ports = Json::array();
  for (const aggregator::LivePort& port : live.ports) ports.push_back(port_json(port));
  Json workers = Json::array();
  for (const aggregator::LiveWorkerRow& worker : live.workers) workers.push_back(worker_json(worker));
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
          {"events",
           {{"made", ledger.events_made()},
            {"pushed", ledger.events_pushed()},
            {"ring_full", ledger.ring_full},
            {"drained", live.events_drained}}}};
}

// A line for each member, and for each row of a long list: rows become text one by one, since as JSON values
// a full table of clients would take several times its size.
class Writer {
 public:
  void member(std::string_view key, const Json& value) {
    begin(key);
    text_ += dump(value);
  }

  template <class Row>
  void rows(std::string_view key, std::span<const Row> rows, Json (*row_json)(const Row&)) {
    begin(key);
    text_ += '[';
    for (const char* separator = "\n  "; const Row& row : rows) {
      text_.append(separator).append(dump(row_json(row)));
      separator = ",\n  ";
    }
    text_ += ']';
  }

  std::string finish() && { return std::move(text_.append("}\n")); }

 private:
  // Bytes that are no UTF-8 are replaced: names are escaped already, so there should be none.
  static std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  void begin(std::string_view key) {
    text_.append(text_.empty() ? "{" : ",\n ").append("\"").append(key).append("\":");
  }

  std::string text_;
};

}  // namespace

std::string report_json(const aggregator::Summary& summary) {
  Writer writer;
  writer.member("ledger", ledger_json(summary.ledger));
  writer.member("dns", dns_json(summary.dns, summary.ledger));
  writer.member("tcp", tcp_json(summary));
  writer.member("quic", {{"initial", summary.quic_initial}});
  writer.member("pairing", pairing_json(summary.pairing));
  writer.rows<aggregator::ClientRow>("clients", summary.clients, client_json);
  writer.member("other_clients", other_clients_json(summary));
  writer.rows<aggregator::NameRow>("names", summary.names, name_json);
  if (summary.live) writer.member("live", live_json(*summary.live, summary.ledger));
  return std::move(writer).finish();
}

}  // namespace mgmt
