#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"
#include "tests/support/parsed_dns.h"

namespace {

using namespace tests;
using wire::DnsFault;

DnsFault fault_of(DnsType type, const Octets& rdata) {
  return ParsedDns(dns_response().question("example.com", DnsType::kA).answer(pointer(12), type, rdata))
      ->fault;
}

DnsFault fault_of_params(const Octets& params) {
  return ParsedDns(dns_response().https("example.com", 1, "", params))->fault;
}

DnsFault fault_of_options(const Octets& options) {
  return ParsedDns(dns_query().edns(1232, options))->fault;
}

TEST(DnsRdata, AnAddressHasTheSizeOfItsFamily) {
  for (std::size_t size = 0; size <= 17; ++size) {
    EXPECT_EQ(fault_of(DnsType::kA, Octets(size)), size == 4 ? DnsFault::kNone : DnsFault::kBadRdata) << size;
    EXPECT_EQ(fault_of(DnsType::kAaaa, Octets(size)), size == 16 ? DnsFault::kNone : DnsFault::kBadRdata)
        << size;
  }
}

TEST(DnsRdata, ARecordOfAnyClassCountsAsAnAddress) {
  const ParsedDns message(
      dns_response().record(DnsBuilder::kAnswer, "ch.example", DnsType::kA, ipv4("192.0.2.1"), 1, 3));
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_EQ(message.address(0), "192.0.2.1");
}

TEST(DnsRdata, BadRdataIsReadAsARecordButNotListed) {
  const ParsedDns message(
      dns_response().a("example.com", "192.0.2.1").answer("example.com", DnsType::kA, Octets(5)));
  EXPECT_EQ(message->fault, DnsFault::kBadRdata);
  EXPECT_EQ(message->records_read, 2u);
  EXPECT_EQ(message->answers.size(), 1u);
}

TEST(DnsRdata, ANameMustEndInsideItsRdata) {
  for (const DnsType type : {DnsType::kCname, DnsType::kPtr, DnsType::kNs}) {
    const Octets name = WireName("www.example.net").octets;
    EXPECT_EQ(fault_of(type, name), DnsFault::kNone);
    EXPECT_EQ(fault_of(type, Octets(name.begin(), name.end() - 1)), DnsFault::kBadRdata);
    EXPECT_EQ(fault_of(type, {}), DnsFault::kBadRdata);
    EXPECT_EQ(fault_of(type, name + Octets{0}), DnsFault::kNone);
  }
}

TEST(DnsRdata, ANameMustNotLeanOnTheNextRecord) {
  const Octets name_without_root = labels("www.example.net");
  const ParsedDns message(dns_response()
                              .answer("example.com", DnsType::kCname, name_without_root)
                              .a("", "192.0.2.1"));  // whose owner is the octet 0 that was missing
  EXPECT_EQ(message->fault, DnsFault::kBadRdata);
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_EQ(message.address(0), "192.0.2.1");
}

TEST(DnsRdata, FaultsOfANameInRdataAreToldApart) {
  EXPECT_EQ(fault_of(DnsType::kCname, {0x40}), DnsFault::kBadLabel);
  EXPECT_EQ(fault_of(DnsType::kCname, pointer_octets(0x3FFF)), DnsFault::kBadPointer);
  EXPECT_EQ(fault_of(DnsType::kCname, Octets(300, 1)), DnsFault::kLongName);
}

TEST(DnsRdata, AMailExchangeHasAPreferenceAndAName) {
  const ParsedDns message(dns_response().mx("example.com", 10, "Mail.Example.com"));
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_EQ(message.target(0), "mail.example.com");
  EXPECT_EQ(fault_of(DnsType::kMx, {0}), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of(DnsType::kMx, be16(10)), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of(DnsType::kMx, be16(10) + Octets{0}), DnsFault::kNone);  // RFC 7505: no mail here
}

TEST(DnsRdata, APointerNameIsRead) {
  const ParsedDns message(
      dns_response().question("1.2.0.192.in-addr.arpa", DnsType::kPtr).ptr(pointer(12), "host.example.com"));
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_EQ(message.target(0), "host.example.com");
}

TEST(DnsRdata, EdnsOptionsFillTheirRecord) {
  EXPECT_EQ(fault_of_options({}), DnsFault::kNone);
  EXPECT_EQ(fault_of_options(edns_option(10, Octets(8)) + edns_option(12, {})), DnsFault::kNone);
  EXPECT_EQ(fault_of_options(Octets(3)), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of_options(be16(10) + be16(9) + Octets(8)), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of_options(edns_option(10, Octets(8)) + Octets{0}), DnsFault::kBadRdata);
}

TEST(DnsRdata, ServiceHintsAreAddresses) {
  const Octets params = svc_param(1, label("h3") + label("h2")) +
                        svc_param(4, ipv4("192.0.2.1") + ipv4("192.0.2.2")) +
                        svc_param(6, ipv6("2001:db8::1") + ipv6("2001:db8::2")) + svc_param(65280, Octets(3));
  const ParsedDns message(dns_response().https("example.com", 1, "CDN.example.net", params));
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_EQ(message.target(0), "cdn.example.net");
  EXPECT_EQ(message.hints(0),
            (std::vector<std::string>{"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"}));
}

TEST(DnsRdata, AnAliasHasNoHints) {
  const ParsedDns message(
      dns_response().https("example.com", 0, "cdn.example.net", svc_param(4, ipv4("192.0.2.1"))));
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_TRUE(message.hints(0).empty());
  EXPECT_EQ(message.target(0), "cdn.example.net");
}

TEST(DnsRdata, AServiceWithoutParametersHasNoHints) {
  const ParsedDns message(dns_response().https("example.com", 1, ""));
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_TRUE(message.hints(0).empty());
}

TEST(DnsRdata, ServiceParameterKeysRise) {
  EXPECT_EQ(fault_of_params(svc_param(3, be16(443)) + svc_param(4, Octets(4))), DnsFault::kNone);
  EXPECT_EQ(fault_of_params(svc_param(4, Octets(4)) + svc_param(3, be16(443))), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of_params(svc_param(3, be16(443)) + svc_param(3, be16(443))), DnsFault::kBadRdata);
}

TEST(DnsRdata, ServiceParametersFillTheirRecord) {
  EXPECT_EQ(fault_of_params(Octets(3)), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of_params(be16(7) + be16(5) + Octets(4)), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of_params(be16(7) + be16(4) + Octets(4)), DnsFault::kNone);
}

TEST(DnsRdata, ServiceParameterValuesHaveTheirFormat) {
  struct Case {
    std::uint16_t key;
    Octets value;
    bool right;
  };
  const std::vector<Case> cases = {
      {0, be16(1), true},   {0, {}, false},         {0, Octets(3), false}, {1, label("h2"), true},
      {1, {}, false},       {1, {0}, false},        {1, {2, 'h'}, false},  {1, {2, 'h', '2', 1}, false},
      {2, {}, true},        {2, {1}, false},        {3, be16(443), true},  {3, {1}, false},
      {4, Octets(8), true}, {4, {}, false},         {4, Octets(6), false}, {6, Octets(32), true},
      {6, {}, false},       {6, Octets(20), false}, {5, {}, true},         {65535, Octets(9), true}};
  for (const Case& each : cases)
    EXPECT_EQ(fault_of_params(svc_param(each.key, each.value)),
              each.right ? DnsFault::kNone : DnsFault::kBadRdata)
        << "key " << each.key << ", " << each.value.size() << " octets";
}

TEST(DnsRdata, AServiceTargetIsNeverCompressed) {
  const Octets compressed = be16(1) + pointer_octets(12);
  EXPECT_EQ(fault_of(DnsType::kHttps, compressed), DnsFault::kBadRdata);
  EXPECT_EQ(fault_of(DnsType::kSvcb, compressed), DnsFault::kBadRdata);
}

TEST(DnsRdata, AServiceRecordCutAnywhereIsBad) {
  const Octets whole = be16(1) + WireName("cdn.example.net").octets + svc_param(4, ipv4("192.0.2.1"));
  const std::size_t without_params = 2 + 17;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(fault_of(DnsType::kSvcb, cut), size == without_params ? DnsFault::kNone : DnsFault::kBadRdata)
        << size;
  }
}

}  // namespace
