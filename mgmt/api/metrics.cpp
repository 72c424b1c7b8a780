#include "mgmt/api/metrics.h"

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "mgmt/api/api.h"
#include "mgmt/api/health.h"
#include "mgmt/text_style.h"
#include "wire/dns_message.h"

namespace mgmt {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

// Types and codes beyond these are counted together: anybody can send any.
constexpr std::array<std::uint16_t, 13> kTypes = {1, 2, 5, 6, 12, 15, 16, 28, 33, 43, 64, 65, 255};
constexpr std::array<std::uint16_t, 6> kRcodes = {0, 1, 2, 3, 4, 5};

class Families {
 public:
  void begin(std::string name, std::string help, MetricType type) {
    families_.push_back({std::move(name), std::move(help), type, {}});
  }
  void counter(std::string name, std::string help) {
    begin("tapline_" + std::move(name), std::move(help), MetricType::Counter);
  }
  void gauge(std::string name, std::string help) {
    begin("tapline_" + std::move(name), std::move(help), MetricType::Gauge);
  }

  // Of the family begun last.
  void add(double value, const Labels& labels = {}) {
    ClientMetric& metric = families_.back().metric.emplace_back();
    for (const auto& [name, text] : labels) metric.label.push_back({name, text});
    (families_.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  }
  void add(std::uint64_t value, const Labels& labels = {}) { add(static_cast<double>(value), labels); }

  void histogram(std::string name, std::string help, const ClientMetric::Histogram& histogram) {
    begin("tapline_" + std::move(name), std::move(help), MetricType::Histogram);
    families_.back().metric.emplace_back().histogram = histogram;
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

std::string label_text(const std::string& text) {
  return printable(text, kPathColumns, TextStyle{});
}

// Each count of `counts` under its name; those of no known name together.
template <std::size_t Size>
void add_by_code(Families& families, const std::map<std::uint16_t, std::uint64_t>& counts,
                 const std::array<std::uint16_t, Size>& known, const char* label,
                 std::string (*name)(std::uint16_t)) {
  std::uint64_t others = 0;
  for (const auto& [code, count] : counts) others += count;
  for (const std::uint16_t code : known) {
    const auto found = counts.find(code);
    const std::uint64_t count = found == counts.end() ? 0 : found->second;
    others -= count;
    families.add(count, {{label, name(code)}});
  }
  families.add(others, {{label, "other"}});
}

void add_sensor(Families& families, const SensorState& state) {
  families.gauge("build_info", "Always 1; the version is a label.");
  families.add(1.0, {{"version", TAPLINE_VERSION}});
  families.gauge("start_time_seconds", "When the sensor began, since 1970.");
  families.add(static_cast<double>(state.started_s));
  families.gauge("packet_time_seconds", "Packet time of the newest complete second, since 1970.");
  families.add(state.second);
  families.gauge("healthy", "1: all is well; 0: 'tapline status' says what is not.");
  families.add(health_problems(state).empty() ? 1.0 : 0.0);
  families.gauge("clients",
                 "Different clients that asked, were answered or connected in the newest complete second.");
  families.add(state.last_clients);
}

void add_ledger(Families& families, const aggregator::Summary& summary) {
  const dataplane::Ledger& ledger = summary.ledger;
  families.counter("frames_total",
                   "Frames that the workers received, by what became of them; each has one verdict.");
  for (std::size_t i = 0; i < wire::kVerdictNames.size(); ++i)
    families.add(ledger.verdicts[i], {{"verdict", std::string(wire::kVerdictNames[i])}});
  families.counter("frame_bytes_total",
                   "Octets of the frames that the workers received, as they were on the wire.");
  families.add(ledger.bytes);
  families.counter("events_total", "Events made of frames, by kind.");
  for (std::size_t i = 0; i < dataplane::kEventKindNames.size(); ++i)
    families.add(ledger.events[i], {{"kind", std::string(dataplane::kEventKindNames[i])}});
  families.counter("ring_full_events_total", "Events lost because the ring to their shard was full.");
  families.add(ledger.ring_full);
}

void add_port_counter(Families& families, const aggregator::LiveLedger& live, const char* name,
                      const char* help, std::uint64_t dataplane::PortCounters::*counter) {
  families.counter(name, help);
  for (const aggregator::LivePort& port : live.ports)
    families.add(port.counters.*counter, {{"port", label_text(port.name)}});
}

void add_live(Families& families, const aggregator::LiveLedger& live) {
  using dataplane::PortCounters;
  add_port_counter(families, live, "port_received_frames_total", "Frames that a port handed to its workers.",
                   &PortCounters::received);
  add_port_counter(families, live, "port_missed_frames_total",
                   "Frames that a port dropped because its RX queues were full.", &PortCounters::missed);
  add_port_counter(families, live, "port_error_frames_total",
                   "Frames that came broken, or longer than the buffers.", &PortCounters::errors);
  add_port_counter(families, live, "port_no_buffer_frames_total",
                   "Frames for which no packet buffer was free.", &PortCounters::no_buffer);
  families.gauge("worker_busy_ratio",
                 "Share of the time since the start that a worker had frames to work on.");
  for (const aggregator::LiveWorkerRow& worker : live.workers)
    families.add(worker.busy, {{"port", label_text(worker.port)}, {"queue", std::to_string(worker.queue)}});
}

void add_event_logs(Families& families, const aggregator::LiveLedger& live) {
  families.counter("event_log_lines_total", "Lines that an event log has written.");
  for (const aggregator::LiveEventLog& log : live.event_logs)
    families.add(log.written, {{"log", label_text(log.to)}});
  families.counter("event_log_lost_lines_total",
                   "Lines that an event log has lost: it took them too slowly, or not at all.");
  for (const aggregator::LiveEventLog& log : live.event_logs)
    families.add(log.lost, {{"log", label_text(log.to)}});
  families.gauge("event_log_up", "1 while an event log can be written.");
  for (const aggregator::LiveEventLog& log : live.event_logs)
    families.add(log.trouble.empty() ? 1.0 : 0.0, {{"log", label_text(log.to)}});
}

void add_fleet(Families& families, const aggregator::LiveFleet& fleet) {
  families.counter("fleet_sent_minutes_total", "Minutes that the fleet's database has taken.");
  families.add(fleet.sent);
  families.counter("fleet_lost_minutes_total", "Minutes that found no room to wait for it any more.");
  families.add(fleet.lost);
  families.gauge("fleet_waiting_minutes", "Minutes that wait for it.");
  families.add(static_cast<double>(fleet.waiting));
  families.gauge("fleet_waiting_bytes", "What of these is on the disk.");
  families.add(static_cast<double>(fleet.waiting_bytes));
  families.gauge("fleet_up", "1 while minutes can be kept and sent.");
  families.add(fleet.trouble.empty() ? 1.0 : 0.0);
}

void add_spool(Families& families, const aggregator::LiveSpool& spool) {
  families.counter("spool_frames_total", "Frames that were written to the spool.");
  families.add(spool.written);
  families.counter("spool_not_selected_frames_total",
                   "Frames that neither an open finding nor a pattern selects, with what = \"selected\".");
  families.add(spool.not_selected);
  families.counter("spool_lost_frames_total",
                   "Frames for the spool that full rings dropped or the disk did not take.");
  families.add(spool.dropped, {{"by", "ring"}});
  families.add(spool.lost, {{"by", "disk"}});
  families.gauge("spool_bytes", "Octets of the spool's files now.");
  families.add(static_cast<double>(spool.bytes));
  families.gauge("spool_up", "1 while the spool can be written.");
  families.add(spool.trouble.empty() ? 1.0 : 0.0);
}

void add_dns(Families& families, const aggregator::DnsCounts& dns) {
  families.counter("dns_queries_total", "DNS queries by the QTYPE of their first question.");
  add_by_code(families, dns.types, kTypes, "type", wire::type_name);
  families.counter("dns_responses_total", "DNS responses by RCODE.");
  add_by_code(families, dns.rcodes, kRcodes, "rcode", wire::rcode_name);
  families.counter("dns_messages_total", "DNS messages by transport and kind.");
  families.add(dns.udp_queries, {{"transport", "udp"}, {"kind", "query"}});
  families.add(dns.udp_responses, {{"transport", "udp"}, {"kind", "response"}});
  families.add(dns.tcp_queries, {{"transport", "tcp"}, {"kind", "query"}});
  families.add(dns.tcp_responses, {{"transport", "tcp"}, {"kind", "response"}});
  families.counter("dns_malformed_total", "DNS messages with a fault.");
  families.add(dns.malformed);
}

ClientMetric::Histogram delays(const aggregator::Pairing& pairing) {
  ClientMetric::Histogram histogram;
  for (const aggregator::DelayBin& bin : pairing.histogram) {
    histogram.sample_count += bin.count;
    histogram.bucket.push_back({histogram.sample_count, static_cast<double>(bin.to_ns) / 1e9});
  }
  histogram.sample_sum = pairing.mean_s * static_cast<double>(pairing.pairs);
  return histogram;
}

void add_connections(Families& families, const SensorState& state) {
  const aggregator::Summary& summary = state.summary;
  families.counter("tcp_syns_total", "TCP SYNs without ACK.");
  families.add(summary.syn);
  families.counter("tcp_syn_acks_total", "TCP SYNs with ACK.");
  families.add(summary.syn_ack);
  families.counter("quic_initials_total", "QUIC Initial packets.");
  families.add(summary.quic_initial);
  families.counter("syns_following_total", "SYNs that satisfy at least one DNS answer.");
  families.add(summary.pairing.syns_following);
  families.counter("answers_with_address_total", "DNS responses over UDP with an A or AAAA record.");
  families.add(summary.pairing.answers_with_address);
  families.counter("connections_without_resolution_total",
                   "SYNs of internal hosts to addresses that no answer told anybody.");
  families.add(state.total[aggregator::SensorField::kWithoutResolution]);
  families.histogram("answer_to_syn_delay_seconds",
                     "From a DNS answer to the SYN that follows it; exclusive pairs.",
                     delays(summary.pairing));
}

void add_hosts(Families& families, const aggregator::HostSummary& hosts) {
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> by_detector;  // open, all
  for (const aggregator::Finding& finding : hosts.findings) {
    auto& [open, all] = by_detector[finding.detector];
    open += finding.until_ns ? 0 : 1;
    ++all;
  }
  families.gauge("findings_open", "Findings that have begun and not ended.");
  for (const auto& [detector, counts] : by_detector) families.add(counts.first, {{"detector", detector}});
  families.gauge("findings_kept", "Findings since the start, as far as they are kept.");
  for (const auto& [detector, counts] : by_detector) families.add(counts.second, {{"detector", detector}});
  families.gauge("learning", "1 while the detectors learn what is usual.");
  families.add(hosts.learning ? 1.0 : 0.0);
  families.counter("pattern_queries_total", "Queries whose name matched a pattern of the operator's.");
  for (const aggregator::PatternTotal& pattern : hosts.patterns)
    families.add(pattern.queries, {{"id", std::to_string(pattern.id)}, {"label", label_text(pattern.label)}});
  families.counter("mail_total", "What the logs of the mail servers said, by kind.");
  for (const aggregator::MailServerSummary& server : hosts.mail) {
    for (std::size_t i = 0; i < aggregator::kMailFields; ++i)
      families.add(server.counts.of[i], {{"server", label_text(server.name)},
                                         {"kind", std::string(aggregator::kMailFieldNames[i])}});
  }
}

}  // namespace

std::string metrics_text(const SensorState& state) {
  Families families;
  add_sensor(families, state);
  add_ledger(families, state.summary);
  if (state.summary.live) add_live(families, *state.summary.live);
  if (state.summary.live) add_event_logs(families, *state.summary.live);
  if (state.summary.live && state.summary.live->fleet) add_fleet(families, *state.summary.live->fleet);
  if (state.summary.live && state.summary.live->spool) add_spool(families, *state.summary.live->spool);
  add_dns(families, state.summary.dns);
  add_connections(families, state);
  if (state.summary.hosts) add_hosts(families, *state.summary.hosts);
  return families.text();
}

}  // namespace mgmt
