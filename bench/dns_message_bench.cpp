// How long one DNS message takes, by shape and for a mix of shapes, when it is in the first-level cache.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/support/dns_builder.h"
#include "wire/dns_message.h"

namespace {

using namespace tests;

Octets query(const WireName& name, DnsType type) {
  return dns_query().question(name, type).edns().bytes();
}

Octets plain_query() {
  return dns_query().question("www.example.com", DnsType::kA).bytes();
}

Octets edns_query() {
  return query("Static.CDN.example.net", DnsType::kAaaa);
}

Octets ptr_query() {
  return query("34.216.184.93.in-addr.arpa", DnsType::kPtr);
}

Octets long_query() {
  return query("a1b2c3d4e5f6.telemetry.eu-central-1.service.vendor.example.com", DnsType::kHttps);
}

// The shape that most answers of a resolver have.
Octets alias_response() {
  DnsBuilder message = dns_response().question("www.example.com", DnsType::kA);
  const std::uint32_t target = message.here() + 12;  // a pointer and ten fixed octets before the RDATA
  message.cname(pointer(12), name_with_pointer("cdn7", 16));
  return message.a(pointer(target), "192.0.2.1").a(pointer(target), "192.0.2.2").edns().bytes();
}

Octets ipv6_response() {
  return dns_response()
      .question("www.example.com", DnsType::kAaaa)
      .aaaa(pointer(12), "2001:db8::1")
      .aaaa(pointer(12), "2001:db8::2")
      .edns()
      .bytes();
}

Octets delegation_response() {
  DnsBuilder message = dns_response().question("www.example.com", DnsType::kA).a(pointer(12), "192.0.2.1");
  const std::uint32_t first = message.here() + 12;
  message.authority(pointer(16), DnsType::kNs, name_with_pointer("ns1", 16).octets);
  const std::uint32_t second = message.here() + 12;
  message.authority(pointer(16), DnsType::kNs, name_with_pointer("ns2", 16).octets);
  message.additional(pointer(first), DnsType::kA, ipv4("198.51.100.1"));
  return message.additional(pointer(second), DnsType::kA, ipv4("198.51.100.2")).edns().bytes();
}

Octets nxdomain_response() {
  const Octets soa =
      labels("ns1") + pointer_octets(16) + labels("hostmaster") + pointer_octets(16) + Octets(20);
  return dns_response()
      .nxdomain()
      .question("wwww.example.com", DnsType::kA)
      .authority(pointer(17), DnsType::kSoa, soa)
      .edns()
      .bytes();
}

Octets https_response() {
  const Octets params = svc_param(1, label("h3") + label("h2")) + svc_param(4, ipv4("192.0.2.1")) +
                        svc_param(6, ipv6("2001:db8::1"));
  return dns_response()
      .question("www.example.com", DnsType::kHttps)
      .https(pointer(12), 1, "", params)
      .edns()
      .bytes();
}

struct Expected {
  const char* qname;
  std::uint32_t records;
  std::size_t answers;
};

void require_answer(const wire::DnsMessage& message, const Expected& expected) {
  if (message.fault == wire::DnsFault::kNone && wire::to_text(message.qname.wire()) == expected.qname &&
      message.records_read == expected.records && message.answers.size() == expected.answers)
    return;
  std::cerr << "The parser reads " << expected.qname << " wrongly; its speed does not matter.\n";
  std::exit(1);
}

void parse_one(benchmark::State& state, const Octets& bytes, const Expected& expected) {
  const auto parser = std::make_unique<wire::DnsParser>();
  require_answer(parser->parse(bytes), expected);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(parser->parse(bytes).qname.length);
  state.SetItemsProcessed(state.iterations());
}

// Shapes in turn, in an order that no branch predictor learns, half of them queries.
void parse_mix(benchmark::State& state) {
  const std::vector<Octets> shapes = {plain_query(),       edns_query(),     edns_query(),
                                      ptr_query(),         long_query(),     alias_response(),
                                      ipv6_response(),     alias_response(), delegation_response(),
                                      nxdomain_response(), https_response()};
  constexpr std::size_t kMessages = 4096;
  std::vector<Octets> messages;
  std::uint64_t state_of_chance = 1;
  while (messages.size() < kMessages) {
    state_of_chance = state_of_chance * 6364136223846793005 + 1442695040888963407;  // Knuth's MMIX
    messages.push_back(shapes[(state_of_chance >> 33) % shapes.size()]);
  }
  const auto parser = std::make_unique<wire::DnsParser>();
  std::size_t next = 0;
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(parser->parse(messages[next++ % kMessages]).qname.length);
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(parse_one, plain_query, plain_query(), Expected{"www.example.com", 0, 0});
BENCHMARK_CAPTURE(parse_one, edns_query, edns_query(), Expected{"static.cdn.example.net", 1, 0});
BENCHMARK_CAPTURE(parse_one, ptr_query, ptr_query(), Expected{"34.216.184.93.in-addr.arpa", 1, 0});
BENCHMARK_CAPTURE(parse_one, long_query, long_query(),
                  Expected{"a1b2c3d4e5f6.telemetry.eu-central-1.service.vendor.example.com", 1, 0});
BENCHMARK_CAPTURE(parse_one, alias_response, alias_response(), Expected{"www.example.com", 4, 3});
BENCHMARK_CAPTURE(parse_one, ipv6_response, ipv6_response(), Expected{"www.example.com", 3, 2});
BENCHMARK_CAPTURE(parse_one, delegation_response, delegation_response(), Expected{"www.example.com", 6, 1});
BENCHMARK_CAPTURE(parse_one, nxdomain_response, nxdomain_response(), Expected{"wwww.example.com", 2, 0});
BENCHMARK_CAPTURE(parse_one, https_response, https_response(), Expected{"www.example.com", 2, 1});
BENCHMARK(parse_mix);

}  // namespace

BENCHMARK_MAIN();
