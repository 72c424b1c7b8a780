// DNS messages as lines of the event log.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/eve/community_id.h"
#include "mgmt/eve/dns_record.h"
#include "tests/support/dns_builder.h"
#include "tests/support/fabricated_summaries.h"
#include "wire/packet.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr std::int64_t kAtNs = 1'795'329'600'123'456'789;

// The published ones (corelight/community-id-spec, baseline/baseline_deflt.json), and IPv6.
TEST(CommunityId, IsThatOfTheSpecificationInBothDirections) {
  struct Vector {
    const char *source, *destination;
    std::uint16_t source_port, destination_port;
    std::uint8_t protocol;
    const char* id;
  };
  const Vector vectors[] = {
      {"128.232.110.120", "66.35.250.204", 34855, 80, wire::kProtocolTcp, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
      {"192.168.1.52", "8.8.8.8", 54585, 53, wire::kProtocolUdp, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
  };
  for (const Vector& v : vectors) {
    const mgmt::Flow flow = {fabricated::address(v.source), fabricated::address(v.destination), v.source_port,
                             v.destination_port, v.protocol};
    EXPECT_EQ(mgmt::community_id(flow), v.id);
    EXPECT_EQ(mgmt::community_id(
                  {flow.destination, flow.source, flow.destination_port, flow.source_port, flow.protocol}),
              v.id);
  }
}

// The port decides where the addresses do not.
TEST(CommunityId, OfAHostWithItselfIsTheSameInBothDirections) {
  const wire::Address self = fabricated::address("127.0.0.1");
  EXPECT_EQ(mgmt::community_id({self, self, 40000, 53, wire::kProtocolUdp}),
            mgmt::community_id({self, self, 53, 40000, wire::kProtocolUdp}));
}

json told(const Octets& message, bool cut = false, const mgmt::Disguise& disguise = {}) {
  wire::Packet packet;
  packet.protocol = wire::kProtocolUdp;
  packet.source = fabricated::address("10.1.0.7");
  packet.source_port = 40000;
  packet.destination = fabricated::address("10.1.0.53");
  packet.destination_port = 53;
  wire::DnsParser parser;
  const wire::DnsMessage& read = parser.parse(message);
  if (read.response) {
    std::swap(packet.source, packet.destination);
    std::swap(packet.source_port, packet.destination_port);
  }
  return json::parse(mgmt::dns_record({packet, message, cut}, read, kAtNs, disguise, "box").json);
}

TEST(EveDns, AQueryIsWhatSuricataWouldWrite) {
  const json line = told(dns_query().question("WWW.Example.com", DnsType::kAaaa).bytes());
  EXPECT_EQ(line["timestamp"], "2026-11-22T06:40:00.123456+0000");
  EXPECT_EQ(line["event_type"], "dns");
  EXPECT_EQ(line["host"], "box");
  EXPECT_EQ(line["src_ip"], "10.1.0.7");
  EXPECT_EQ(line["src_port"], 40000);
  EXPECT_EQ(line["dest_ip"], "10.1.0.53");
  EXPECT_EQ(line["dest_port"], 53);
  EXPECT_EQ(line["proto"], "UDP");
  EXPECT_EQ(line["dns"]["version"], 2);
  EXPECT_EQ(line["dns"]["type"], "query");
  EXPECT_EQ(line["dns"]["rrname"], "www.example.com");
  EXPECT_EQ(line["dns"]["rrtype"], "AAAA");
  EXPECT_FALSE(line["dns"].contains("rcode"));
  EXPECT_FALSE(line["dns"].contains("answers"));
}

TEST(EveDns, AnAnswerHasItsClientAsSourceAndItsRecordsInOrder) {
  const json query = told(dns_query().question("www.example.com", DnsType::kA).bytes());
  const json line = told(dns_response()
                             .question("www.example.com", DnsType::kA)
                             .cname(pointer(12), "web.example.net")
                             .a("web.example.net", "192.0.2.1")
                             .bytes());
  EXPECT_EQ(line["src_ip"], "10.1.0.7");
  EXPECT_EQ(line["dest_port"], 53);
  EXPECT_EQ(line["community_id"], query["community_id"]);
  EXPECT_EQ(line["dns"]["type"], "answer");
  EXPECT_EQ(line["dns"]["qr"], true);
  EXPECT_EQ(line["dns"]["rcode"], "NOERROR");
  ASSERT_EQ(line["dns"]["answers"].size(), 2U);
  EXPECT_EQ(line["dns"]["answers"][0]["rrname"], "www.example.com");
  EXPECT_EQ(line["dns"]["answers"][0]["rrtype"], "CNAME");
  EXPECT_EQ(line["dns"]["answers"][0]["rdata"], "web.example.net");
  EXPECT_EQ(line["dns"]["answers"][1]["rrname"], "web.example.net");
  EXPECT_EQ(line["dns"]["answers"][1]["rdata"], "192.0.2.1");
  EXPECT_TRUE(line["dns"]["answers"][1]["ttl"].is_number_unsigned());
}

Octets text_record(std::string_view text) {
  return Octets{static_cast<std::uint8_t>(text.size())} + Octets(text.begin(), text.end());
}

TEST(EveDns, EachTypeHasItsRdata) {
  const Octets soa = WireName("ns.example.com").octets + WireName("hostmaster.example.com").octets + be32(7) +
                     be32(3600) + be32(600) + be32(86400) + be32(60);
  const json answers =
      told(dns_response()
               .question("example.com", DnsType::kAny)
               .aaaa(pointer(12), "2001:db8::1")
               .mx(pointer(12), 10, "mx.example.com")
               .answer(pointer(12), DnsType::kTxt, text_record("v=spf1 \x01\xff") + text_record("-all"))
               .answer(pointer(12), DnsType::kSrv,
                       be16(1) + be16(2) + be16(5060) + WireName("sip.example.com").octets)
               .answer(pointer(12), DnsType::kSoa, soa)
               .answer(pointer(12), DnsType::kNs, WireName("ns.example.com").octets)
               .answer(pointer(12), static_cast<DnsType>(65280), {1, 2, 3})
               .bytes())["dns"]["answers"];
  ASSERT_EQ(answers.size(), 7U);
  EXPECT_EQ(answers[0]["rdata"], "2001:db8::1");
  EXPECT_EQ(answers[1]["rdata"], "mx.example.com");
  EXPECT_EQ(answers[2]["rdata"], "v=spf1 \x01\xEF\xBF\xBD-all");
  EXPECT_EQ(answers[3]["rdata"],
            (json{{"priority", 1}, {"weight", 2}, {"port", 5060}, {"name", "sip.example.com"}}));
  EXPECT_EQ(answers[4]["rdata"]["mname"], "ns.example.com");
  EXPECT_EQ(answers[4]["rdata"]["rname"], "hostmaster.example.com");
  EXPECT_EQ(answers[4]["rdata"]["serial"], 7);
  EXPECT_EQ(answers[4]["rdata"]["minimum"], 60);
  EXPECT_EQ(answers[5]["rdata"], "ns.example.com");
  EXPECT_EQ(answers[6]["rrtype"], "TYPE65280");
  EXPECT_FALSE(answers[6].contains("rdata"));
}

// What nobody has checked: RDATA too short for its type, and an UPDATE's without any (RFC 2136 section 2.4).
TEST(EveDns, RdataThatIsNoneIsNotTold) {
  const json answers = told(dns_response()
                                .question("example.com", DnsType::kAny)
                                .answer(pointer(12), DnsType::kSrv, {0, 1})
                                .answer(pointer(12), DnsType::kSoa, {0, 0, 1})
                                .bytes())["dns"]["answers"];
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_FALSE(answers[0].contains("rdata"));
  EXPECT_FALSE(answers[1].contains("rdata"));
  const json update = told(dns_response()
                               .opcode(5)
                               .question("example.com", DnsType::kSoa)
                               .answer("a.example.com", DnsType::kA, {})
                               .answer("mx.example.com", DnsType::kMx, {})
                               .bytes())["dns"];
  EXPECT_EQ(update["opcode"], 5);
  ASSERT_EQ(update["answers"].size(), 2U);
  EXPECT_FALSE(update["answers"][0].contains("rdata"));
}

TEST(EveDns, WhatIsWrongWithAMessageIsSaidAndTheRestTold) {
  const json line =
      told(dns_response().question("example.com", DnsType::kA).claim(DnsBuilder::kAnswer, 9).bytes());
  EXPECT_EQ(line["tapline"]["fault"], "ends_early");
  EXPECT_EQ(line["dns"]["rrname"], "example.com");
  EXPECT_FALSE(line["dns"].contains("answers"));
  EXPECT_FALSE(told(Octets(12, 0))["dns"].contains("rrname"));
  const json cut =
      told(dns_response().question("example.com", DnsType::kA).claim(DnsBuilder::kAnswer, 9).bytes(), true);
  EXPECT_EQ(cut["tapline"]["cut"], true);
  EXPECT_FALSE(cut["tapline"].contains("fault"));
}

TEST(EveDns, OfVeryManyRecordsTheFirstAreTold) {
  DnsBuilder message = dns_response();
  message.question("example.com", DnsType::kA);
  for (std::size_t i = 0; i < mgmt::kMostAnswersTold + 5; ++i) message.a(pointer(12), "192.0.2.1");
  const json line = told(message.bytes());
  EXPECT_EQ(line["dns"]["answers"].size(), mgmt::kMostAnswersTold);
  EXPECT_EQ(line["tapline"]["answers_left_out"], 5);
}

// Pointers to one long name of octets that take five characters each.
TEST(EveDns, ALineIsOfBoundedLengthWhateverItsNamesAre) {
  Octets name;
  for (int label = 0; label < 4; ++label) name = name + Octets{61} + Octets(61, 0x01);
  DnsBuilder message = dns_response();
  message.question(raw_name(name + Octets{0}), DnsType::kSoa);
  for (int i = 0; i < 60; ++i)
    message.answer(pointer(12), DnsType::kSoa, pointer_octets(12) + pointer_octets(12) + Octets(20, 0));
  wire::DnsParser parser;
  const Octets octets = message.bytes();
  const wire::Packet packet;
  const mgmt::EventRecord record =
      mgmt::dns_record({packet, octets, false}, parser.parse(octets), kAtNs, {}, "box");
  EXPECT_LT(record.json.size(), 20'000U);
  EXPECT_EQ(json::parse(record.json)["dns"]["answers"].size() +
                json::parse(record.json)["tapline"]["answers_left_out"].get<std::size_t>(),
            60U);
}

TEST(EveDns, NamesOfStrangersStayOneLine) {
  const json line =
      told(dns_query().question(raw_name({5, '"', '\n', '\\', 0, 0xFF, 0}), DnsType::kA).bytes());
  EXPECT_EQ(line["dns"]["rrname"], "\\\"\\010\\\\\\000\\255");
}

}  // namespace
}  // namespace tests
