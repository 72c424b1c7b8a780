#include "aggregator/summarize.h"

#include <algorithm>
#include <utility>

namespace aggregator {
namespace {

constexpr std::uint64_t kHistogramBins = 100;

std::map<std::uint16_t, std::uint64_t> not_zero(const std::vector<std::uint64_t>& counts) {
  std::map<std::uint16_t, std::uint64_t> result;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) result.emplace_hint(result.end(), static_cast<std::uint16_t>(i), counts[i]);
  }
  return result;
}

DnsCounts dns_counts(const DnsTally& tally) {
  return {.udp_queries = tally.udp_queries,
          .udp_responses = tally.udp_responses,
          .tcp_queries = tally.tcp_queries,
          .tcp_responses = tally.tcp_responses,
          .malformed = tally.malformed,
          .no_question = tally.no_question,
          .types = not_zero(tally.types),
          .rcodes = not_zero(tally.rcodes)};
}

std::vector<PortCount> port_counts(const std::vector<std::uint64_t>& packets) {
  std::vector<PortCount> result;
  for (std::size_t port = 0; port < packets.size(); ++port) {
    if (packets[port] != 0) result.push_back({static_cast<std::uint16_t>(port), packets[port]});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const PortCount& a, const PortCount& b) { return a.packets > b.packets; });
  return result;
}

Pairing pairing_of(const ShardWindow& window) {
  const PairingTally& tally = window.pairing;
  const double mean_s = tally.delays.mean_s();
  return {.mode = window.mode,
          .window_ns = window.window_ns,
          .answers = tally.answers,
          .answers_with_address = tally.answers_with_address,
          .a_records = tally.a_records,
          .aaaa_records = tally.aaaa_records,
          .syns = window.syn,
          .pairs = tally.delays.total(),
          .syns_following = tally.syns_following,
          .syn_ports = port_counts(tally.syn_ports),
          .paired_ports = port_counts(tally.paired_ports),
          .pushed_out = tally.losses.pushed_out,
          .evicted = tally.losses.evicted,
          .mean_s = mean_s,
          .rate_per_s = mean_s > 0 ? 1 / mean_s : 0,
          .p50_s = tally.delays.quantile_s(50),
          .p90_s = tally.delays.quantile_s(90),
          .p99_s = tally.delays.quantile_s(99),
          .histogram = tally.delays.histogram(kHistogramBins)};
}

std::uint64_t activity(const ClientRow& row) noexcept {
  return row.queries + row.connections + row.quic;
}

std::vector<ClientRow> busiest_first(std::vector<ClientRow> rows) {
  const auto by_address = [](const ClientRow& a, const ClientRow& b) { return a.address < b.address; };
  std::sort(rows.begin(), rows.end(), by_address);
  std::size_t clients = 0;
  for (const ClientRow& row : rows) {
    if (clients > 0 && rows[clients - 1].address == row.address) {
      rows[clients - 1] += row;
    } else {
      rows[clients++] = row;
    }
  }
  rows.resize(clients);
  std::sort(rows.begin(), rows.end(), [&](const ClientRow& a, const ClientRow& b) {
    return activity(a) != activity(b) ? activity(a) > activity(b) : by_address(a, b);
  });
  return rows;
}

Summary summary_of(const ShardWindow& window, std::vector<ClientRow> rows, const dataplane::Ledger& ledger) {
  return {.ledger = ledger,
          .dns = dns_counts(window.dns),
          .syn = window.syn,
          .syn_ack = window.syn_ack,
          .quic_initial = window.quic_initial,
          .pairing = pairing_of(window),
          .clients = busiest_first(std::move(rows)),
          .other_clients = window.clients.other,
          .other_clients_events = window.clients.other_events,
          .names = window.names.top(kTopNames),
          .domains = window.domains.top(kTopNames),
          .live = std::nullopt,
          .logs = std::nullopt,
          .hosts = std::nullopt};
}

}  // namespace

Summary summarize(const ShardWindow& window, const dataplane::Ledger& ledger) {
  return summary_of(window, window.clients.rows, ledger);
}

Summary summarize(ShardWindow&& window, const dataplane::Ledger& ledger) {
  std::vector<ClientRow> rows = std::move(window.clients.rows);
  return summary_of(window, std::move(rows), ledger);
}

}  // namespace aggregator
