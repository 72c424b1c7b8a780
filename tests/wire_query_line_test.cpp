// One line of each shape. Lines of BIND 8 and 9.2 to 9.10 and of iplog are from their sources and
// documentation; what later programs wrote themselves is in tests/fixtures/logs.
#include <gtest/gtest.h>

#include "wire/dns_type.h"
#include "wire/network.h"
#include "wire/query_line.h"

namespace wire {

std::ostream& operator<<(std::ostream& out, const QueryFact& fact) {
  return out << to_text(fact.client) << " '" << fact.qname << "' type " << fact.qtype
             << (fact.over_tcp ? " tcp" : "");
}

namespace {

using Fact = std::optional<QueryFact>;

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kMx = 15;

Fact query(const char* client, std::string_view name, std::uint16_t type, bool over_tcp = false) {
  return QueryFact{*address_from(client), name, type, over_tcp};
}

// IANA, "Resource Record (RR) TYPEs".
TEST(DnsType, NamesAndNumbers) {
  EXPECT_EQ(dns_type("A"), 1);
  EXPECT_EQ(dns_type("NS"), 2);
  EXPECT_EQ(dns_type("PTR"), 12);
  EXPECT_EQ(dns_type("MX"), 15);
  EXPECT_EQ(dns_type("TXT"), 16);
  EXPECT_EQ(dns_type("AAAA"), 28);
  EXPECT_EQ(dns_type("SRV"), 33);
  EXPECT_EQ(dns_type("A6"), 38);
  EXPECT_EQ(dns_type("SVCB"), 64);
  EXPECT_EQ(dns_type("HTTPS"), 65);
  EXPECT_EQ(dns_type("SPF"), 99);
  EXPECT_EQ(dns_type("AXFR"), 252);
  EXPECT_EQ(dns_type("ANY"), 255);
  EXPECT_EQ(dns_type("*"), 255);
  EXPECT_EQ(dns_type("CAA"), 257);
  EXPECT_EQ(dns_type("DLV"), 32769);
  EXPECT_EQ(dns_type("TYPE65280"), 65280);
  for (const std::string_view name :
       {"", "a", "AA", "TYPE", "TYPE65536", "TYPE-1", "TYPE1x", "ZZZ", "HTTPSX"})
    EXPECT_EQ(dns_type(name), 0) << name;
}

TEST(Bind, Version8) {
  EXPECT_EQ(parse_bind_query("XX+/10.0.0.1/name.example/MX/IN"), query("10.0.0.1", "name.example", kMx));
  EXPECT_EQ(parse_bind_query("XX /10.0.0.1/name.example/A/IN"), query("10.0.0.1", "name.example", kA));
  EXPECT_EQ(parse_bind_query("queries: info: XX+/10.0.0.1/0/25.2.0.192.in-addr.arpa/PTR/IN"),
            query("10.0.0.1", "0/25.2.0.192.in-addr.arpa", 12));
  EXPECT_EQ(parse_bind_query("XX+/10.0.0.1/name.example/4711/IN"), query("10.0.0.1", "name.example", 0));
  for (const std::string_view line : {"XX", "XX+", "XX+/", "XX+/10.0.0.1", "XX+/10.0.0.1/", "XX+/10.0.0.1/a",
                                      "XX+/10.0.0.1//IN", "XY+/10.0.0.1/a/A/IN"}) {
    const Fact fact = parse_bind_query(line);
    EXPECT_EQ(fact, std::nullopt) << line;
  }
}

TEST(Bind, Version9) {
  // 9.2
  EXPECT_EQ(parse_bind_query("client 10.0.0.1#1234: query: name.example IN A"),
            query("10.0.0.1", "name.example", kA));
  EXPECT_EQ(parse_bind_query("client 10.0.0.1#1234: view internal: query: name.example IN A"),
            query("10.0.0.1", "name.example", kA));
  // 9.4 to 9.8
  EXPECT_EQ(parse_bind_query("client 10.0.0.1#1234: query: name.example IN A +"),
            query("10.0.0.1", "name.example", kA));
  EXPECT_EQ(
      parse_bind_query("queries: info: client 10.0.0.1#1234: view internal: query: name.example IN MX -ED "
                       "(10.0.0.53)"),
      query("10.0.0.1", "name.example", kMx));
  // 9.9, 9.10
  EXPECT_EQ(
      parse_bind_query("info: client 10.0.0.1#1234 (name.example): query: name.example IN A +T (10.0.0.53)"),
      query("10.0.0.1", "name.example", kA, true));
  // 9.11 to 9.20
  EXPECT_EQ(
      parse_bind_query("client @0x7fea164db098 2001:db8::7#42308 (www.campus.example): view internal: query: "
                       "www.campus.example IN TYPE65280 -E(0)TDK (2001:db8::53)"),
      query("2001:db8::7", "www.campus.example", 65280, true));
  EXPECT_EQ(
      parse_bind_query("client @0x7f 10.0.0.1#1/key k.example (a): query: a IN A +SE(0)K (10.0.0.53) [ECS "
                       "192.0.2.0/24/0]"),
      query("10.0.0.1", "a", kA));
  EXPECT_EQ(parse_bind_query("client @0x7f fe80::1%2#1 (.): query: . IN NS + (fe80::2%2)"),
            query("fe80::1", ".", 2));
  EXPECT_EQ(parse_bind_query(
                "client @0x7f 10.0.0.1#1 (a\\032b.\\(x\\)): query: a\\032b.\\(x\\) CH TXT + (10.0.0.53)"),
            query("10.0.0.1", "a\\032b.\\(x\\)", 16));
}

TEST(Bind, WhatIsNoQuery) {
  for (const std::string_view line :
       {"client @0x7f 10.0.0.1#1 (a): query (cache) 'a/A/IN' denied",
        "query-errors: info: client @0x7f 10.0.0.1#1 (a): query failed (REFUSED) for a/IN/A at query.c:5678",
        "client @0x7f 10.0.0.1#1: update 'campus.example/IN' denied",
        "client 10.0.0.1#1: query: ", "client 10.0.0.1#1: query: name", "client 10.0.0.1#1: query: name IN",
        "client 10.0.0.1", "zone campus.example/IN: loaded serial 1", "lame-servers: info: query: a IN A",
        "client 10.0.0.1#1 query: a IN A"})
    EXPECT_EQ(parse_bind_query(line), std::nullopt) << line;
}

TEST(Unbound, QueriesAndNoReplies) {
  EXPECT_EQ(parse_unbound_query("info: 127.0.0.1 name.example. A IN"),
            query("127.0.0.1", "name.example.", kA));
  EXPECT_EQ(parse_unbound_query("[77:0] info: 2001:db8::7 name.example. TYPE65280 IN"),
            query("2001:db8::7", "name.example.", 65280));
  EXPECT_EQ(parse_unbound_query("[77:0] query: 192.0.2.7 . NS IN"), query("192.0.2.7", ".", 2));
  for (const std::string_view line :
       {"info: 127.0.0.1 name.example. A IN NOERROR 0.000000 1 63",
        "[77:0] reply: 127.0.0.1 name. A IN NOERROR 0 1 63", "info: start of service (unbound 1.17.1).",
        "info: 127.0.0.1 name. A", "info: 127.0.0.1 name.  IN", "error: 127.0.0.1 name. A IN",
        "info: server stats for thread 0", "[77:0", "info: "}) {
    const Fact fact = parse_unbound_query(line);
    EXPECT_EQ(fact, std::nullopt) << line;
  }
}

TEST(Dnsmasq, QueriesAndNothingElse) {
  EXPECT_EQ(parse_dnsmasq_query("query[A] name.example from 10.0.0.1"),
            query("10.0.0.1", "name.example", kA));
  EXPECT_EQ(parse_dnsmasq_query("query[type=65] name.example from 10.0.0.1"),
            query("10.0.0.1", "name.example", 65));
  EXPECT_EQ(parse_dnsmasq_query("query[HTTPS] name.example from 2001:db8::7"),
            query("2001:db8::7", "name.example", 65));
  EXPECT_EQ(parse_dnsmasq_query("213 192.0.2.7/54583 query[ANY] name.example from 192.0.2.7"),
            query("192.0.2.7", "name.example", 255));
  EXPECT_EQ(parse_dnsmasq_query("TCP 7 192.0.2.7/54583 query[MX] name.example from 192.0.2.7"),
            query("192.0.2.7", "name.example", kMx, true));
  EXPECT_EQ(parse_dnsmasq_query("query[A] a from 9.9.9.9 b.example from 10.0.0.1"),
            query("10.0.0.1", "a from 9.9.9.9 b.example", kA));
  for (const std::string_view line :
       {"forwarded name.example to 10.0.0.53", "reply name.example is 10.0.0.80",
        "cached name.example is <CNAME>", "config www.campus.example is 10.1.0.80",
        "3 192.0.2.7/50881 forwarded query[A] from 1.2.3.4", "query[A] name.example",
        "query[A name.example from 10.0.0.1", "x query[A] name.example from 10.0.0.1"})
    EXPECT_EQ(parse_dnsmasq_query(line), std::nullopt) << line;
}

// iplog_udp.c of iplog 2.2.3.
TEST(Iplog, DatagramsToTheNameServer) {
  EXPECT_EQ(parse_iplog_query("UDP: dgram to domain from 10.1.0.25:1025 (41 data bytes)"),
            query("10.1.0.25", "", 0));
  EXPECT_EQ(parse_iplog_query("UDP: dgram to 10.1.0.53:domain from 10.1.0.25:1025 (41 data bytes)"),
            query("10.1.0.25", "", 0));
  EXPECT_EQ(parse_iplog_query("UDP: dgram to port 53 from 10.1.0.25:1025 (41 data bytes)"),
            query("10.1.0.25", "", 0));
  EXPECT_EQ(parse_iplog_query("UDP: dgram to domain from host.example:1025 (41 data bytes)"),
            query("::", "", 0));
  EXPECT_EQ(parse_iplog_query("UDP: domain query from host.example:1025"), query("::", "", 0));
  for (const std::string_view line :
       {"UDP: dgram to port 1 from 10.10.150.1:34324 (300 data bytes)",
        "UDP: dgram to port 533 from 10.1.0.25:1025 (4)",
        "UDP: dgram to ntp from 10.1.0.25:123 (48 data bytes)", "UDP: traceroute from 10.1.0.25",
        "TCP: domain connection attempt from 10.1.0.25:1025", "UDP: dgram to domain from 10.1.0.25", "UDP: "})
    EXPECT_EQ(parse_iplog_query(line), std::nullopt) << line;
}

}  // namespace
}  // namespace wire
