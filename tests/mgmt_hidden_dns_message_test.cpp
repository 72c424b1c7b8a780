// DNS messages with other names and addresses in them: what stays, what goes, and that they stay sound.
#include <algorithm>

#include <gtest/gtest.h>

#include "mgmt/privacy/hidden_dns_message.h"
#include "mgmt/privacy/hidden_wire_name.h"
#include "tests/support/parsed_dns.h"
#include "wire/dns_records.h"
#include "wire/name_text.h"
#include "wire/network.h"

namespace tests {
namespace {

constexpr std::size_t kMost = 65'000;

class HiddenDnsMessage : public testing::Test {
 protected:
  // Sound, like what it is of.
  ParsedDns of(const DnsBuilder& clear) {
    EXPECT_EQ(ParsedDns(clear)->fault, wire::DnsFault::kNone);
    mgmt::OctetWriter out;
    EXPECT_TRUE(write_hidden_message(clear.bytes(), kMost, hiding_, out));
    ParsedDns hidden(Octets(out.written().begin(), out.written().end()));
    EXPECT_EQ(hidden->fault, wire::DnsFault::kNone);
    return hidden;
  }
  // The RDATA of its only record.
  Octets rdata_of(const DnsBuilder& clear) {
    const ParsedDns hidden = of(clear);
    wire::DnsRecords records(hidden.bytes(), wire::DnsSections::kAll);
    wire::OwnedRecord record;
    EXPECT_TRUE(records.next(record));
    const auto begin = hidden.bytes().begin() + record.record.offset;
    return {begin, begin + record.record.length};
  }
  Octets name(const std::string& clear) {
    wire::DnsName name;
    EXPECT_TRUE(wire::read_name(hiding_.name(clear), name));
    return {name.wire().begin(), name.wire().end()};
  }
  std::string address(const std::string& clear) {
    return wire::to_text(hiding_.address(*wire::address_from(clear)));
  }

  static mgmt::PrivacyKey key() {
    mgmt::PrivacyKey key;
    key.octets.fill(0x5A);
    return key;
  }
  mgmt::Hiding hiding_{key(), nullptr};
};

TEST_F(HiddenDnsMessage, NamesAndAddressesAreThoseThatAreShownElsewhere) {
  const ParsedDns hidden = of(dns_response()
                                  .question("pc17.campus.example", DnsType::kA)
                                  .cname(pointer(12), "web.campus.example")
                                  .a("web.campus.example", "10.1.0.77", 60)
                                  .aaaa(pointer(12), "2001:db8::77")
                                  .mx(pointer(12), 10, "mx.campus.example")
                                  .edns(1232, edns_option(8, {0, 1, 24, 0, 10, 1, 0}), 1));
  EXPECT_EQ(hidden.qname(), hiding_.name("pc17.campus.example"));
  EXPECT_EQ(hidden.qname().find("campus"), std::string::npos);
  ASSERT_EQ(hidden->answers.size(), 4U);
  EXPECT_EQ(hidden.target(0), hiding_.name("web.campus.example"));
  EXPECT_EQ(hidden.address(1), address("10.1.0.77"));
  EXPECT_EQ(hidden->answers[1].ttl, 60U);
  EXPECT_EQ(hidden.address(2), address("2001:db8::77"));
  EXPECT_EQ(hidden.target(3), hiding_.name("mx.campus.example"));
  EXPECT_EQ(hidden->rcode, 16);
  EXPECT_EQ(hidden->udp_size, 1232);
}

// The clear question has 19 octets and its owner 2, the hidden ones too many to be written twice.
TEST_F(HiddenDnsMessage, OwnersPointToTheQuestionOrTheNameBefore) {
  DnsBuilder clear = dns_response().question("a.b.example", DnsType::kA).cname(pointer(12), "c.d.example");
  for (int i = 0; i < 50; ++i)
    clear.a("c.d.example", "10.1.0." + std::to_string(i)).a(pointer(12), "10.1.0.9");
  const ParsedDns hidden = of(clear);
  EXPECT_EQ(hidden->answers.size(), 101U);
  EXPECT_LT(hidden.bytes().size(), 12 + 2 * name("a.b.example").size() + 101 * 16 + 8);
}

TEST_F(HiddenDnsMessage, RdataOfOtherTypesIsZerosOfTheSameLength) {
  const Octets secret = label("secret") + label("10.1.0.77");
  EXPECT_EQ(rdata_of(dns_response().answer("", DnsType::kTxt, secret)), Octets(secret.size()));
  EXPECT_EQ(rdata_of(dns_response().additional("", DnsType(250), secret)), Octets(secret.size()));
  EXPECT_EQ(rdata_of(dns_response().record(DnsBuilder::kAnswer, "", DnsType::kA, {10, 1, 0, 77}, 0, 3)),
            Octets(4))
      << "of class CH it is something else";
  EXPECT_EQ(rdata_of(dns_response().answer("", DnsType::kSoa, secret)), Octets(secret.size())) << "no SOA";
  EXPECT_EQ(rdata_of(dns_response().answer("", DnsType::kSrv, secret)), Octets(secret.size())) << "no SRV";
  EXPECT_EQ(rdata_of(dns_query().edns(1232, edns_option(10, secret))), Octets());
}

// Zeros are no list of whole items, as type bitmaps and prefixes are; readers would say malformed.
TEST_F(HiddenDnsMessage, ListsInRdataBecomeEmptyOnes) {
  const Octets bitmap = {0, 6, 0x40, 0, 0, 0, 0, 3};
  EXPECT_EQ(rdata_of(dns_response().authority("campus.example", DnsType::kNsec,
                                              labels("pc17.campus.example") + Octets{0} + bitmap)),
            name("pc17.campus.example"));
  EXPECT_EQ(rdata_of(dns_response().authority("campus.example", DnsType::kNsec3,
                                              Octets{1, 0, 0, 5, 0, 3, 7, 7, 7} + bitmap)),
            Octets(6));
  EXPECT_EQ(rdata_of(dns_response().authority("campus.example", DnsType::kApl, {0, 1, 16, 2, 10, 1})),
            Octets());
}

TEST_F(HiddenDnsMessage, NumbersBesideNamesStay) {
  const Octets numbers = be32(2026112200) + be32(7200) + be32(900) + be32(1209600) + be32(300);
  EXPECT_EQ(rdata_of(dns_response().authority("campus.example", DnsType::kSoa,
                                              labels("ns.campus.example") + Octets{0} +
                                                  labels("root.campus.example") + Octets{0} + numbers)),
            name("ns.campus.example") + name("root.campus.example") + numbers);
  EXPECT_EQ(rdata_of(dns_response().answer(
                "_imap._tcp.campus.example", DnsType::kSrv,
                be16(1) + be16(2) + be16(143) + labels("mx.campus.example") + Octets{0})),
            be16(1) + be16(2) + be16(143) + name("mx.campus.example"));
  EXPECT_EQ(
      rdata_of(dns_response().answer("old.example", DnsType::kDname, labels("new.example") + Octets{0})),
      name("new.example"));
}

TEST_F(HiddenDnsMessage, OfAServiceItsTargetAndHintsStayHidden) {
  const Octets params = svc_param(wire::kAlpn, label("h2")) + svc_param(wire::kIpv4Hint, ipv4("10.1.0.77")) +
                        svc_param(5, {1, 2, 3}) + svc_param(wire::kIpv6Hint, ipv6("2001:db8::77"));
  const ParsedDns hidden = of(dns_response().https("campus.example", 1, "web.campus.example", params));
  EXPECT_EQ(hidden.target(0), hiding_.name("web.campus.example"));
  EXPECT_EQ(hidden.hints(0), (std::vector{address("10.1.0.77"), address("2001:db8::77")}));
  EXPECT_EQ(rdata_of(dns_response().https("campus.example", 1, "web.campus.example", params)).size(),
            2 + name("web.campus.example").size() + 8 + 20);
}

TEST_F(HiddenDnsMessage, AnUpdateMayHaveRecordsWithoutRdata) {
  for (const DnsType type : {DnsType::kA, DnsType::kMx, DnsType::kHttps}) {
    for (const std::uint16_t dns_class : {1, 255})
      EXPECT_EQ(
          rdata_of(dns_query().opcode(5).record(DnsBuilder::kAnswer, "a.example", type, {}, 0, dns_class)),
          Octets());
  }
}

std::string many_labels(int count, const std::string& first) {
  std::string text = first;
  for (int i = 0; i < count; ++i) text += ".x";
  return text + ".campus.example";
}

TEST_F(HiddenDnsMessage, ANameThatBecomesTooLongKeepsItsEndsAndDiffersFromOthers) {
  const ParsedDns one = of(dns_query().question(many_labels(100, "a"), DnsType::kA));
  const ParsedDns other = of(dns_query().question(many_labels(100, "b"), DnsType::kA));
  EXPECT_NE(one.qname(), other.qname());
  const std::string shown = hiding_.name(many_labels(100, "a"));
  EXPECT_GT(shown.size(), 1000U);
  EXPECT_EQ(one.qname().substr(0, 14), shown.substr(0, 14));
  EXPECT_EQ(one.qname().substr(14), shown.substr(shown.size() - (one.qname().size() - 14)));
  EXPECT_GT(one->qname.length, 230);
  // Names that just fit, and those that just do not.
  for (int count = 10; count < 25; ++count) {
    const ParsedDns name = of(dns_query().question(many_labels(count, "a"), DnsType::kA));
    const std::string whole = hiding_.name(many_labels(count, "a"));
    EXPECT_EQ(name.qname() == whole, whole.size() <= 253) << count;
  }
}

// Pointers to long names by turns: walking over the hidden ones costs no more than they are long.
TEST_F(HiddenDnsMessage, StaysCheapToReadHoweverItWasCompressed) {
  for (const std::uint8_t opcode : {0, 5}) {
    DnsBuilder clear = dns_response().opcode(opcode).question(many_labels(14, "a"), DnsType::kA);
    const std::uint32_t other = clear.here();
    clear.a(many_labels(14, "b"), "10.1.0.1");
    for (int i = 0; i < 800; ++i) clear.a(pointer(i % 2 == 0 ? 12 : other), "10.1.0.1");
    EXPECT_EQ(ParsedDns(clear)->fault, wire::DnsFault::kNone);
    mgmt::OctetWriter out;
    write_hidden_message(clear.bytes(), 1 << 20, hiding_, out);
    const ParsedDns hidden(Octets(out.written().begin(), out.written().end()));
    EXPECT_NE(hidden->fault, wire::DnsFault::kCostlyNames);
  }
}

// An octet of label before a pointer is a name of 100 labels, each to be hashed and written.
TEST_F(HiddenDnsMessage, IsCutOffWherePointersMakeFarMoreNamesThanItIsLong) {
  DnsBuilder clear = dns_response().question(many_labels(100, "a"), DnsType::kA);
  for (char letter = 'b'; letter < 'z'; ++letter)
    clear.a(name_with_pointer(std::string(1, letter), 12), "10.1.0.1");
  EXPECT_EQ(ParsedDns(clear)->fault, wire::DnsFault::kNone);
  mgmt::OctetWriter out;
  EXPECT_FALSE(write_hidden_message(clear.bytes(), kMost, hiding_, out));
  EXPECT_LE(out.size(), 4 * clear.bytes().size() + 512);
  EXPECT_LT(out.size(), 12U * 256) << "as its labels are counted, it has few of the names";
}

// Numbers beside names end where the RDATA does, or they are no numbers.
TEST_F(HiddenDnsMessage, WhatStandsBehindTheNumbersOfASoaIsNotKept) {
  Octets soa = {1, 'm', 0, 1, 'r', 0};
  soa.resize(soa.size() + 20);
  for (const char letter : std::string("alice")) soa.push_back(static_cast<std::uint8_t>(letter));
  const Octets hidden = rdata_of(dns_response().answer(pointer(0), DnsType::kSoa, soa));
  EXPECT_TRUE(std::ranges::all_of(hidden, [](std::uint8_t octet) { return octet == 0; }));
}

// Beyond 16 KiB no pointer reaches.
TEST_F(HiddenDnsMessage, OwnersStayTheirOwnInALongMessage) {
  DnsBuilder clear = dns_response();
  for (int i = 0; i < 1500; ++i) clear.a("pc" + std::to_string(i / 2) + ".example", "10.1.0.1");
  const ParsedDns hidden = of(clear);
  wire::DnsRecords records(hidden.bytes(), wire::DnsSections::kAll);
  wire::OwnedRecord record;
  for (int i = 0; records.next(record); ++i) {
    EXPECT_EQ(wire::to_text(record.owner.wire()), hiding_.name("pc" + std::to_string(i / 2) + ".example"));
  }
}

TEST_F(HiddenDnsMessage, EndsBehindTheLastRecordThatFits) {
  const DnsBuilder clear =
      dns_response().question("a.example", DnsType::kA).a(pointer(12), "10.1.0.1").a(pointer(12), "10.1.0.2");
  mgmt::OctetWriter whole;
  ASSERT_TRUE(write_hidden_message(clear.bytes(), kMost, hiding_, whole));
  for (const std::size_t less : {1U, 15U, 16U}) {
    mgmt::OctetWriter out;
    EXPECT_FALSE(write_hidden_message(clear.bytes(), whole.size() - less, hiding_, out));
    EXPECT_EQ(out.size(), whole.size() - 16);
  }
}

}  // namespace
}  // namespace tests
