// Events in, Summary out, through any number of shards.
#pragma once

#include <span>
#include <string>

#include <fmt/format.h>

#include "aggregator/shard.h"
#include "aggregator/summarize.h"
#include "tests/support/events.h"
#include "wire/address.h"

namespace tests {

inline aggregator::ShardWindow window_of(std::span<const dataplane::Event> events,
                                         const aggregator::ShardSettings& settings) {
  aggregator::ShardWindow sum(settings.mode, settings.window_ns);
  for (const auto& part : divide(events, settings.mode, settings.shards)) {
    aggregator::Shard shard(settings);
    shard.observe(part);
    sum += shard.close();
  }
  return sum;
}

inline aggregator::Summary summary_of(std::span<const dataplane::Event> events,
                                      const aggregator::ShardSettings& settings = {}) {
  return aggregator::summarize(window_of(events, settings), {});
}

inline std::string text_of(const aggregator::ClientRow& row) {
  return fmt::format("{} {} {} {} {} {} {}\n", wire::to_text(row.address), row.queries, row.responses,
                     row.nxdomain, row.connections, row.paired, row.quic);
}

// Every figure of a Summary but the ledger's, to compare two.
inline std::string text_of(const aggregator::Summary& summary) {
  const auto& [ledger, dns, syn, syn_ack, quic, pairing, clients, other, other_events, names, domains, live,
               logs, hosts] = summary;
  std::string text = fmt::format(
      "{} {} {} {} {} {}\n{} {} {}\n{} {} {} {} {} {} {} {} {}\n{} {} {} {} {}\n", dns.udp_queries,
      dns.udp_responses, dns.tcp_queries, dns.tcp_responses, dns.malformed, dns.no_question, syn, syn_ack,
      quic, pairing.answers, pairing.answers_with_address, pairing.a_records, pairing.aaaa_records,
      pairing.syns, pairing.pairs, pairing.syns_following, pairing.pushed_out, pairing.evicted,
      pairing.mean_s, pairing.rate_per_s, pairing.p50_s, pairing.p90_s, pairing.p99_s);
  for (const auto& [type, count] : dns.types) text += fmt::format("type {} {}\n", type, count);
  for (const auto& [rcode, count] : dns.rcodes) text += fmt::format("rcode {} {}\n", rcode, count);
  for (const auto& port : pairing.syn_ports) text += fmt::format("syn {} {}\n", port.port, port.packets);
  for (const auto& port : pairing.paired_ports)
    text += fmt::format("paired {} {}\n", port.port, port.packets);
  for (const auto& bin : pairing.histogram) {
    text += fmt::format("{}-{} {}\n", bin.from_ns, bin.to_ns, bin.count);
  }
  for (const auto& row : clients) text += text_of(row);
  text += fmt::format("other {} {}", other_events, text_of(other));
  for (const auto& name : names) text += fmt::format("{} {} {}\n", name.name, name.queries, name.error);
  for (const auto& name : domains) text += fmt::format("{} {} {}\n", name.name, name.queries, name.error);
  return text;
}

}  // namespace tests
