#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"
#include "tests/support/parsed_dns.h"

namespace {

using namespace tests;
using wire::DnsFault;

TEST(DnsMessage, AQueryTellsWhatIsAsked) {
  const ParsedDns query(dns_query().id(0xBEEF).question("www.example.com", DnsType::kAaaa, 3));
  EXPECT_EQ(query->fault, DnsFault::kNone);
  EXPECT_EQ(query->id, 0xBEEF);
  EXPECT_FALSE(query->response);
  EXPECT_TRUE(query->has_question);
  EXPECT_EQ(query.qname(), "www.example.com");
  EXPECT_EQ(query->qtype, 28);
  EXPECT_EQ(query->qclass, 3);
  EXPECT_FALSE(query->edns);
}

TEST(DnsMessage, TheHeaderIsReadFieldByField) {
  const ParsedDns message(dns_response().truncated().opcode(4).rcode(5));
  EXPECT_TRUE(message->response);
  EXPECT_TRUE(message->truncated);
  EXPECT_EQ(message->opcode, 4);
  EXPECT_EQ(message->rcode, 5);
  const ParsedDns plain(dns_query());
  EXPECT_FALSE(plain->response || plain->truncated);
  EXPECT_EQ(plain->opcode, 0);
  EXPECT_EQ(plain->rcode, 0);
}

TEST(DnsMessage, FewerThanTwelveOctetsAreNoMessage) {
  const Octets header = dns_response().bytes();
  for (std::size_t size = 0; size < header.size(); ++size)
    EXPECT_EQ(ParsedDns(Octets(header.begin(), header.begin() + size))->fault, DnsFault::kShortHeader)
        << size;
  EXPECT_EQ(ParsedDns(header)->fault, DnsFault::kNone);
}

TEST(DnsMessage, WithoutAQuestionThereIsNoName) {
  const ParsedDns message(dns_response().a("example.com", "192.0.2.1"));
  EXPECT_FALSE(message->has_question);
  EXPECT_EQ(message->qname.length, 0);
  EXPECT_EQ(message->answers.size(), 1u);
}

TEST(DnsMessage, TheFirstOfSeveralQuestionsCounts) {
  const ParsedDns message(dns_response()
                              .question("first.example", DnsType::kMx)
                              .question("second.example", DnsType::kA)
                              .question("third.example", DnsType::kAaaa)
                              .a(pointer(12), "192.0.2.1"));
  EXPECT_EQ(message->fault, DnsFault::kNone);
  EXPECT_EQ(message.qname(), "first.example");
  EXPECT_EQ(message->qtype, 15);
  EXPECT_EQ(message.address(0), "192.0.2.1");
}

TEST(DnsMessage, AFaultInTheSecondQuestionLeavesTheFirst) {
  const ParsedDns message(
      dns_query().question("first.example", DnsType::kA).question(raw_name({0x80}), DnsType::kA));
  EXPECT_EQ(message->fault, DnsFault::kBadLabel);
  EXPECT_TRUE(message->has_question);
  EXPECT_EQ(message.qname(), "first.example");
}

TEST(DnsMessage, AQuestionWithoutItsTypeAndClassIsNotRead) {
  const DnsBuilder whole = dns_query().question("example.com", DnsType::kA);
  for (std::size_t missing = 1; missing <= 4; ++missing) {
    const ParsedDns message(DnsBuilder(whole).cut(missing));
    EXPECT_EQ(message->fault, DnsFault::kEndsEarly);
    EXPECT_FALSE(message->has_question);
    EXPECT_EQ(message->qname.length, 0);
    EXPECT_EQ(message->qtype, 0);
  }
}

TEST(DnsMessage, AnswersAreListedInOrderWithTheirRdata) {
  DnsBuilder builder = dns_response().question("www.example.com", DnsType::kA);
  const std::uint32_t target = builder.here() + 12;
  builder.cname(pointer(12), name_with_pointer("CDN", 16));
  builder.a(pointer(target), "192.0.2.1", 7).aaaa(pointer(target), "2001:db8::1", 0xFFFFFFFF);
  const ParsedDns message(builder);
  ASSERT_EQ(message->answers.size(), 3u);
  EXPECT_EQ(message.target(0), "cdn.example.com");
  EXPECT_EQ(message.address(1), "192.0.2.1");
  EXPECT_EQ(message->answers[1].ttl, 7u);
  EXPECT_EQ(message.address(2), "2001:db8::1");
  EXPECT_EQ(message->answers[2].ttl, 0xFFFFFFFF);
  EXPECT_EQ(message->records_read, 3u);
}

TEST(DnsMessage, OnlyTheAnswerSectionIsListed) {
  const ParsedDns message(dns_response()
                              .question("example.com", DnsType::kA)
                              .a(pointer(12), "192.0.2.1")
                              .authority(pointer(12), DnsType::kA, ipv4("192.0.2.2"))
                              .additional(pointer(12), DnsType::kA, ipv4("192.0.2.3")));
  ASSERT_EQ(message->answers.size(), 1u);
  EXPECT_EQ(message.address(0), "192.0.2.1");
  EXPECT_EQ(message->records_read, 3u);
  EXPECT_EQ(message->records_promised, 3u);
}

TEST(DnsMessage, TypesThatNobodyReadsAreCountedButNotListed) {
  const ParsedDns message(dns_response()
                              .answer("a.example", DnsType::kTxt, label("text"))
                              .answer("a.example", DnsType::kNs, WireName("ns.example").octets)
                              .answer("a.example", static_cast<DnsType>(65280), Octets(3)));
  EXPECT_EQ(message->fault, DnsFault::kNone);
  EXPECT_TRUE(message->answers.empty());
  EXPECT_EQ(message->records_read, 3u);
}

TEST(DnsMessage, CountsThatPromiseTooMuchEndEarlyAndKeepWhatWasThere) {
  const ParsedDns message(dns_response()
                              .question("example.com", DnsType::kA)
                              .a(pointer(12), "192.0.2.1")
                              .claim(DnsBuilder::kAnswer, 65535)
                              .claim(DnsBuilder::kAuthority, 65535)
                              .claim(DnsBuilder::kAdditional, 65535));
  EXPECT_EQ(message->fault, DnsFault::kEndsEarly);
  EXPECT_EQ(message->records_promised, 3u * 65535);
  EXPECT_EQ(message->records_read, 1u);
  EXPECT_EQ(message.address(0), "192.0.2.1");
}

TEST(DnsMessage, QuestionCountsThatPromiseTooMuchEndEarly) {
  const ParsedDns message(
      dns_query().question("example.com", DnsType::kA).claim(DnsBuilder::kQuestion, 65535));
  EXPECT_EQ(message->fault, DnsFault::kEndsEarly);
  EXPECT_TRUE(message->has_question);
}

TEST(DnsMessage, OctetsAfterTheLastRecordAreNoFault) {
  const ParsedDns message(dns_query().question("example.com", DnsType::kA).append({0x80, 0x80, 0x80}));
  EXPECT_EQ(message->fault, DnsFault::kNone);
}

TEST(DnsMessage, ARecordCutAnywhereIsAnEarlyEnd) {
  const DnsBuilder whole =
      dns_response().question("example.com", DnsType::kA).a(name_with_pointer("www", 12), "192.0.2.1");
  const std::size_t record_octets = 6 + 10 + 4;
  for (std::size_t missing = 1; missing <= record_octets; ++missing) {
    const ParsedDns message(DnsBuilder(whole).cut(missing));
    EXPECT_EQ(message->fault, DnsFault::kEndsEarly) << missing;
    EXPECT_EQ(message->records_read, 0u);
    EXPECT_TRUE(message->answers.empty());
    EXPECT_TRUE(message->has_question);
  }
}

TEST(DnsMessage, AFaultThatShowsWhereTheNextFieldIsHidesNothing) {
  DnsBuilder builder = dns_response()
                           .nxdomain()
                           .question("example.com", DnsType::kA)
                           .question(raw_name(Octets(300, 1) + Octets{0}), DnsType::kA)  // too long
                           .a(pointer(12), "192.0.2.1");
  builder.a(pointer(builder.here()), "192.0.2.2");  // to itself
  builder.record(DnsBuilder::kAnswer, pointer(12), DnsType::kA, Octets(3)).a(pointer(12), "192.0.2.3");
  const ParsedDns message(builder);
  EXPECT_EQ(message->fault, DnsFault::kLongName) << "the first";
  EXPECT_EQ(message->rcode, 3);
  EXPECT_EQ(message->records_read, 4u);
  ASSERT_EQ(message->answers.size(), 3u);
  EXPECT_EQ(message.address(0), "192.0.2.1");
  EXPECT_EQ(message.address(1), "192.0.2.2");
  EXPECT_EQ(message.address(2), "192.0.2.3");
}

TEST(DnsMessage, NamesThatCostMoreThanTheMessageIsWorthEndIt) {
  const auto records_read = [](int records) {
    Octets one_octet_labels;
    for (int made = 0; made < 125; ++made) one_octet_labels = one_octet_labels + label("x");
    DnsBuilder builder = dns_response().question(raw_name(one_octet_labels + Octets{0}), DnsType::kA);
    for (int made = 0; made < records; ++made) {
      builder.a(raw_name(label("y") + pointer_octets(12)), "192.0.2.1");
    }
    return ParsedDns(builder)->records_read;
  };
  EXPECT_EQ(records_read(100), 100u);
  EXPECT_LT(records_read(3000), 3000u);
}

TEST(DnsMessage, APointerOutOfTheMessageHidesAllThatFollows) {
  const ParsedDns message(dns_query().question(pointer(0x3FFF), DnsType::kA));
  EXPECT_EQ(message->fault, DnsFault::kBadPointer);
  EXPECT_FALSE(message->has_question);
}

TEST(DnsMessage, AnUpdateHasAZoneAndNoQuestion) {
  const ParsedDns message(dns_query().opcode(5).question("example.com", DnsType::kSoa));
  EXPECT_EQ(message->fault, DnsFault::kNone);
  EXPECT_FALSE(message->has_question);
  EXPECT_EQ(message->qname.length, 0);
}

TEST(DnsMessage, ABadLabelHidesAllThatFollows) {
  const ParsedDns message(dns_response()
                              .question("example.com", DnsType::kA)
                              .a(pointer(12), "192.0.2.1")
                              .a(raw_name({0x40}), "192.0.2.2")
                              .a(pointer(12), "192.0.2.3"));
  EXPECT_EQ(message->fault, DnsFault::kBadLabel);
  EXPECT_EQ(message->records_read, 1u);
  ASSERT_EQ(message->answers.size(), 1u);
}

TEST(DnsMessage, AQuestionWithAnUnsoundNameStillHasAType) {
  const ParsedDns message(dns_query().question(pointer(12), DnsType::kAaaa));
  EXPECT_EQ(message->fault, DnsFault::kBadPointer);
  EXPECT_TRUE(message->has_question);
  EXPECT_EQ(message->qtype, 28);
  EXPECT_EQ(message->qname.length, 0);
}

TEST(DnsMessage, AnOwnerThatPointsAtAFaultIsAFault) {
  DnsBuilder builder = dns_response().question("example.com", DnsType::kA);
  const std::uint32_t text = builder.here() + 12;
  builder.answer(pointer(12), DnsType::kTxt, {0x80}).a(pointer(text), "192.0.2.1");
  EXPECT_EQ(ParsedDns(builder)->fault, DnsFault::kBadLabel);
}

TEST(DnsMessage, WithoutAQuestionAPointerToTwelveIsFollowed) {
  const auto loop = dns_response().a(pointer(12), "192.0.2.1");
  EXPECT_EQ(ParsedDns(loop)->fault, DnsFault::kBadPointer);
}

TEST(DnsMessage, AsManyRecordsAsFitAreListed) {
  DnsBuilder builder = dns_response();
  const std::size_t record_octets = wire::kMinRecordOctets + 4;
  const std::size_t records = (wire::kMaxDnsMessageOctets - wire::kDnsHeaderOctets) / record_octets;
  Octets record = Octets{0} + be16(1) + be16(1) + be32(60) + be16(4) + ipv4("192.0.2.1");
  Octets all;
  for (std::size_t made = 0; made < records; ++made) all.insert(all.end(), record.begin(), record.end());
  builder.append(all).claim(DnsBuilder::kAnswer, static_cast<std::uint16_t>(records));
  const ParsedDns message(builder);
  EXPECT_EQ(message->fault, DnsFault::kNone);
  EXPECT_EQ(message->answers.size(), records);
  EXPECT_EQ(message.address(0), "192.0.2.1");
  EXPECT_EQ(message.address(records - 1), "192.0.2.1");
}

TEST(DnsMessage, TheOptRecordGivesSizeAndUpperRcode) {
  const ParsedDns message(dns_response().rcode(0).question("example.com", DnsType::kA).edns(1232, {}, 1));
  EXPECT_TRUE(message->edns);
  EXPECT_EQ(message->udp_size, 1232);
  EXPECT_EQ(message->rcode, 16);
  EXPECT_EQ(wire::rcode_name(message->rcode), "BADVERS");
}

TEST(DnsMessage, TheUpperRcodeStandsAboveTheHeadersFourBits) {
  EXPECT_EQ(ParsedDns(dns_response().rcode(15).edns(512, {}, 0xFF))->rcode, 0xFFF);
}

TEST(DnsMessage, AnOptRecordOutsideTheAdditionalSectionIsNoEdns) {
  const ParsedDns message(dns_response().record(DnsBuilder::kAnswer, "", DnsType::kOpt, {}, 1u << 24, 512));
  EXPECT_FALSE(message->edns);
  EXPECT_EQ(message->rcode, 0);
}

TEST(DnsMessage, TheFirstOfTwoOptRecordsCounts) {
  const ParsedDns message(dns_response().edns(512, {}, 1).edns(4096, {}, 2));
  EXPECT_EQ(message->udp_size, 512);
  EXPECT_EQ(message->rcode, 16);
}

TEST(DnsMessage, AnUpdateNamesTypesWithoutRdata) {
  const auto update = [](std::uint8_t opcode) {
    return dns_query()
        .opcode(opcode)
        .question("example.com", DnsType::kSoa)
        .answer("gone.example.com", DnsType::kA, {})
        .authority("gone.example.com", DnsType::kCname, {});
  };
  const ParsedDns message(update(5));
  EXPECT_EQ(message->fault, DnsFault::kNone);
  EXPECT_EQ(message->records_read, 2u);
  EXPECT_TRUE(message->answers.empty());
  EXPECT_EQ(ParsedDns(update(0))->fault, DnsFault::kBadRdata);
}

TEST(DnsMessage, AnUpdatesOptRecordIsReadAlsoWithoutOptions) {
  const ParsedDns message(dns_query().opcode(5).question("example.com", DnsType::kSoa).edns(1232, {}, 1));
  EXPECT_TRUE(message->edns);
  EXPECT_EQ(message->udp_size, 1232);
  EXPECT_EQ(message->rcode, 16);
}

TEST(DnsMessage, NothingOfOneMessageIsLeftInTheNext) {
  const auto parser = std::make_unique<wire::DnsParser>();
  const Octets full = dns_response()
                          .truncated()
                          .opcode(4)
                          .rcode(5)
                          .question("example.com", DnsType::kMx, 3)
                          .a(pointer(12), "192.0.2.1")
                          .edns(1232, {}, 1)
                          .append({0x80})
                          .claim(DnsBuilder::kAdditional, 2)
                          .bytes();
  ASSERT_EQ(parser->parse(full).fault, DnsFault::kBadLabel);
  const wire::DnsMessage& next = parser->parse(Octets(wire::kDnsHeaderOctets));
  EXPECT_EQ(next.fault, DnsFault::kNone);
  EXPECT_FALSE(next.response || next.truncated || next.has_question || next.edns);
  EXPECT_EQ(next.id | next.opcode | next.rcode | next.qtype | next.qclass | next.udp_size, 0);
  EXPECT_EQ(next.records_promised + next.records_read, 0u);
  EXPECT_EQ(next.qname.length, 0);
  EXPECT_TRUE(next.answers.empty());
  ASSERT_EQ(parser->parse(full).fault, DnsFault::kBadLabel);
  const wire::DnsMessage& none = parser->parse({});
  EXPECT_EQ(none.id | none.opcode | none.rcode | none.qtype | none.qclass | none.udp_size, 0);
  EXPECT_FALSE(none.response || none.truncated || none.has_question || none.edns);
  EXPECT_EQ(none.records_promised + none.records_read, 0u);
}

TEST(DnsMnemonics, KnownTypesHaveTheirIanaName) {
  EXPECT_EQ(wire::type_name(1), "A");
  EXPECT_EQ(wire::type_name(28), "AAAA");
  EXPECT_EQ(wire::type_name(65), "HTTPS");
  EXPECT_EQ(wire::type_name(255), "ANY");
  EXPECT_EQ(wire::type_name(32769), "DLV");
}

TEST(DnsMnemonics, OtherTypesAreWrittenAsNumbers) {
  EXPECT_EQ(wire::type_name(0), "TYPE0");
  EXPECT_EQ(wire::type_name(54), "TYPE54");
  EXPECT_EQ(wire::type_name(65280), "TYPE65280");
  EXPECT_EQ(wire::type_name(65535), "TYPE65535");
}

TEST(DnsMnemonics, ResponseCodesHaveTheirIanaNameOrNumber) {
  EXPECT_EQ(wire::rcode_name(0), "NOERROR");
  EXPECT_EQ(wire::rcode_name(3), "NXDOMAIN");
  EXPECT_EQ(wire::rcode_name(23), "BADCOOKIE");
  EXPECT_EQ(wire::rcode_name(12), "RCODE12");
  EXPECT_EQ(wire::rcode_name(3841), "RCODE3841");
}

}  // namespace
