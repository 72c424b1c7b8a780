// Summaries made by hand for tests of the reports.
#pragma once

#include <cmath>
#include <string>

#include <arpa/inet.h>

#include "aggregator/summary.h"

namespace fabricated {

inline wire::Address address(const char* text) {
  std::uint8_t bytes[16];
  if (inet_pton(AF_INET, text, bytes) == 1) return wire::Address::v4(bytes);
  inet_pton(AF_INET6, text, bytes);
  return wire::Address::v6(bytes);
}

// An exponential of rate 5 /s over a window of 1 s in 50 bins, cut off at its end.
inline void fill_delays(aggregator::Pairing& pairing, std::uint64_t scale) {
  constexpr std::int64_t kBinNs = 20'000'000;
  for (std::int64_t bin = 0; bin < 50; ++bin) {
    const double middle_s = (static_cast<double>(bin) + 0.5) * 0.02;
    const auto count = static_cast<std::uint64_t>(static_cast<double>(scale) * std::exp(-5 * middle_s));
    pairing.histogram.push_back({bin * kBinNs, (bin + 1) * kBinNs, count});
    pairing.pairs += count;
  }
  pairing.mean_s = 0.2;
  pairing.rate_per_s = 5;
  pairing.p50_s = 0.1386;
  pairing.p90_s = 0.4605;
  pairing.p99_s = 0.921;
}

// A campus as in the paper, `scale` times the connections; every count follows from it.
inline aggregator::Summary campus(std::uint64_t scale) {
  using wire::Verdict;
  aggregator::Summary summary;
  auto& ledger = summary.ledger;
  ledger[Verdict::kDns] = 40 * scale;
  ledger[Verdict::kDnsMalformed] = scale / 100;
  ledger[Verdict::kSyn] = 20 * scale;
  ledger[Verdict::kSynAck] = 18 * scale;
  ledger[Verdict::kTcpOther] = 300 * scale;
  ledger[Verdict::kUdpOther] = 60 * scale;
  ledger[Verdict::kNotIp] = 1;
  ledger.frames = ledger.sum_of_verdicts();
  ledger.bytes = ledger.frames * 400;
  ledger.captured_bytes = ledger.frames * 96;
  ledger.first_ns = 1'060'610'400'123'456'789;  // 2003-08-11 14:00:00 UTC
  ledger.last_ns = 1'060'614'000'987'654'321;
  ledger.dns_faults[2] = scale / 100;
  ledger[dataplane::EventKind::kQuery] = 20 * scale;
  ledger[dataplane::EventKind::kResponse] = 20 * scale;
  ledger[dataplane::EventKind::kConnect] = 20 * scale;

  auto& dns = summary.dns;
  dns.udp_queries = 20 * scale;
  dns.udp_responses = 20 * scale;
  dns.tcp_queries = 3;
  dns.malformed = scale / 100;
  dns.types = {{1, 12 * scale}, {12, 3 * scale}, {15, scale}, {28, 4 * scale}, {65, 1}, {65280, 1}};
  dns.no_question = 1;
  dns.rcodes = {{0, 17 * scale}, {2, scale}, {3, 2 * scale}};

  summary.syn = 20 * scale;
  summary.syn_ack = 18 * scale;
  auto& pairing = summary.pairing;
  pairing.window_ns = 1'000'000'000;
  pairing.answers = 20 * scale;
  pairing.answers_with_address = 15 * scale;
  pairing.a_records = 25 * scale;
  pairing.aaaa_records = 5 * scale;
  pairing.syns = 20 * scale;
  fill_delays(pairing, scale);
  pairing.syns_following = pairing.pairs + pairing.pairs / 10;
  pairing.syn_ports = {{80, 12 * scale}, {135, 6 * scale}, {25, scale}, {443, scale / 2}, {40001, scale / 2}};
  pairing.paired_ports = {{80, pairing.pairs - pairing.pairs / 20}, {25, pairing.pairs / 20}};

  summary.clients = {
      {address("10.1.0.25"), 10 * scale, 10 * scale, scale, 9 * scale, 2 * scale, 0},
      {address("2001:db8:1234:5678:9abc:def0:1234:5678"), 5 * scale, 5 * scale, 0, 4 * scale, scale, 12},
      {address("10.1.2.3"), 0, 0, 0, 6 * scale, 0, 0}};
  summary.names = {{"www.example.com", 9 * scale, 0},
                   {"mx.campus.example", 5 * scale, 0},
                   {"25.0.1.10.in-addr.arpa", scale, 0},
                   {"a\\027[31mred.example", 3, 0},
                   {std::string(200, 'x') + ".random.example.net", 2, 0}};
  summary.domains = {{"example.com", 9 * scale, 0},
                     {"campus.example", 5 * scale, 0},
                     {"10.in-addr.arpa", scale, 0},
                     {"example.net", 2, 1}};
  return summary;
}

// An open finding with evidence of all four kinds, and a closed one.
inline aggregator::HostSummary two_findings() {
  aggregator::Finding open;
  open.id = 1;
  open.detector = "backscatter";
  open.subject = address("10.1.0.25");
  open.name = "mx1";
  open.since_ns = 1'060'610'460'500'000'000;
  open.score = 0.875;
  open.severity = aggregator::Severity::kHigh;
  open.evidence = {{"unresolved_per_s", 12.5},
                   {"smtp_clients", std::uint64_t{4321}},
                   {"pattern", std::string("horizontal")},
                   {"forged_domains", std::vector<std::string>{"a.example", "b.example"}}};
  open.advice = "Reject unknown recipients.";
  aggregator::Finding closed = open;
  closed.id = 2;
  closed.detector = "mass_mailer";
  closed.subject = address("2001:db8::7");
  closed.name = "";
  closed.until_ns = closed.since_ns + 90'000'000'000;
  closed.severity = aggregator::Severity::kLow;
  aggregator::HostSummary hosts;
  hosts.findings = {open, closed};
  hosts.detecting = true;
  return hosts;
}

// Of two mail servers, and two destinations.
inline void fill_tops(aggregator::HostSummary& hosts, std::uint64_t scale) {
  const wire::Address mail = address("10.1.0.25");
  hosts.smtp_clients = {{mail, "mx1", address("192.0.2.7"), 7 * scale, 0},
                        {mail, "mx1", address("2001:db8:1234:5678:9abc:def0:1234:5678"), 5 * scale, 2},
                        {mail, "mx1", address("192.0.2.8"), scale, scale},
                        {address("10.1.0.26"), std::string(63, 'm'), address("192.0.2.7"), scale, 0}};
  hosts.unresolved_destinations = {{address("198.51.100.1"), 135, 9 * scale, 3, 12},
                                   {address("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), 40001, scale, 0, 1}};
}

}  // namespace fabricated
