// Two readings of the same octets must agree: the parser, and a naive one written from the RFCs.
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"
#include "tests/support/naive_dns.h"
#include "tests/support/parsed_dns.h"

namespace {

using namespace tests;
using wire::DnsFault;

constexpr std::size_t kFaults = static_cast<std::size_t>(DnsFault::kCount);

Octets copy(std::span<const std::uint8_t> octets) {
  return Octets(octets.begin(), octets.end());
}

// One parser for all messages, as in a worker; nothing of the message before may show.
class DnsTwins : public testing::Test {
 protected:
  void expect_agreement(const Octets& bytes) {
    const Octets exact(bytes);  // without spare capacity, for the address sanitizer
    const wire::DnsMessage& message = parser_->parse(exact);
    const NaiveMessage naive = read_naively(exact);
    ASSERT_EQ(message.fault, naive.fault) << testing::PrintToString(bytes);
    ASSERT_EQ(copy(message.qname.wire()), naive.qname) << testing::PrintToString(bytes);
    ASSERT_EQ(message.has_question, naive.has_question);
    ASSERT_EQ(message.qtype, naive.qtype);
    ASSERT_EQ(message.qclass, naive.qclass);
    ASSERT_EQ(message.rcode, naive.rcode);
    ASSERT_EQ(message.edns, naive.edns);
    ASSERT_EQ(message.udp_size, naive.udp_size);
    ASSERT_EQ(message.records_read, naive.records_read) << testing::PrintToString(bytes);
    ASSERT_EQ(message.answers.size(), naive.answers.size()) << testing::PrintToString(bytes);
    for (std::size_t i = 0; i < naive.answers.size(); ++i)
      expect_answer(exact, message.answers[i], naive.answers[i]);
    ++seen_[static_cast<std::size_t>(message.fault)];
  }

  void expect_answer(const Octets& bytes, const wire::DnsRecord& record, const NaiveAnswer& naive) {
    ASSERT_EQ(record.type, naive.type);
    ASSERT_EQ(record.ttl, naive.ttl);
    ASSERT_EQ(record.offset, naive.offset);
    ASSERT_EQ(record.length, naive.length);
    if (naive.target.empty()) return;
    ASSERT_EQ(copy(wire::target_of(bytes, record).wire()), naive.target);
  }

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(chance_);
  }
  std::uint8_t octet() { return static_cast<std::uint8_t>(below(256)); }

  // Octets that mean something where names and counts stand.
  std::uint8_t telling_octet() {
    static constexpr std::array<std::uint8_t, 14> kTelling = {0,    1,    2,    3,    5,    12,   28,
                                                              0x29, 0x3F, 0x40, 0x41, 0x80, 0xC0, 0xFF};
    return kTelling[below(kTelling.size())];
  }

  void mutate(Octets& bytes) {
    for (std::size_t left = 1 + below(3); left > 0 && !bytes.empty(); --left) {
      const std::size_t at = below(bytes.size());
      switch (below(6)) {
        case 0:
          bytes[at] = octet();
          break;
        case 1:
          bytes[at] = telling_octet();
          break;
        case 2:
          bytes[at] ^= static_cast<std::uint8_t>(1u << below(8));
          break;
        case 3:
          bytes.resize(at);
          break;
        case 4:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), telling_octet());
          break;
        default:
          bytes[at] = 0xC0;
          if (at + 1 < bytes.size()) bytes[at + 1] = static_cast<std::uint8_t>(below(bytes.size()));
      }
    }
  }

  std::unique_ptr<wire::DnsParser> parser_ = std::make_unique<wire::DnsParser>();
  std::mt19937_64 chance_{20030415};
  std::array<std::size_t, kFaults> seen_{};
};

std::vector<Octets> good_messages() {
  const std::string long_label(63, 'L');
  const std::string long_name = long_label + "." + long_label + "." + long_label + "." + std::string(58, 'M');
  DnsBuilder alias = dns_response().question("WWW.Example.com", DnsType::kA);
  const std::uint32_t target = alias.here() + 12;
  alias.cname(pointer(12), name_with_pointer("cdn", 16)).a(pointer(target), "192.0.2.1").edns();
  const Octets params = svc_param(0, be16(4)) + svc_param(1, label("h3") + label("h2")) +
                        svc_param(3, be16(8443)) + svc_param(4, ipv4("192.0.2.1")) +
                        svc_param(6, ipv6("2001:db8::1"));
  return {
      dns_query().question("www.example.com", DnsType::kA).bytes(),
      dns_query().question("a.b", DnsType::kAaaa).edns(1232, edns_option(10, Octets(8))).bytes(),
      dns_query().question(long_name, DnsType::kMx).question(name_with_pointer("x", 76), DnsType::kA).bytes(),
      alias.bytes(),
      dns_response()
          .question("example.com", DnsType::kHttps)
          .https(pointer(12), 1, "svc.example", params)
          .bytes(),
      dns_response()
          .question("example.com", DnsType::kMx)
          .mx(pointer(12), 10, name_with_pointer("mx", 12))
          .authority(pointer(12), DnsType::kNs, name_with_pointer("ns", 12).octets)
          .additional(name_with_pointer("mx", 12), DnsType::kAaaa, ipv6("2001:db8::2"))
          .edns(4096, {}, 1)
          .bytes(),
      dns_query()
          .opcode(5)
          .question("example.com", DnsType::kSoa)
          .answer(name_with_pointer("www", 12), DnsType::kA, {})
          .bytes(),
  };
}

TEST_F(DnsTwins, AgreeOnGoodMessages) {
  for (const Octets& bytes : good_messages()) expect_agreement(bytes);
  EXPECT_EQ(seen_[0], good_messages().size());
}

TEST_F(DnsTwins, AgreeOnEachCutOfGoodMessages) {
  for (const Octets& bytes : good_messages())
    for (std::size_t size = 0; size <= bytes.size(); ++size)
      expect_agreement(Octets(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
}

TEST_F(DnsTwins, AgreeOnMutatedMessagesAndMeetEachFault) {
  const std::vector<Octets> good = good_messages();
  for (int round = 0; round < 60000; ++round) {
    Octets bytes = good[below(good.size())];
    mutate(bytes);
    expect_agreement(bytes);
    if (HasFatalFailure()) return;
  }
  constexpr auto kCostly = static_cast<std::size_t>(wire::DnsFault::kCostlyNames);  // takes a larger message
  for (std::size_t fault = 0; fault < kCostly; ++fault) EXPECT_GT(seen_[fault], 0u) << "fault " << fault;
}

TEST_F(DnsTwins, AgreeOnNoiseOfTellingOctets) {
  for (int round = 0; round < 30000; ++round) {
    Octets bytes(12 + below(200));
    for (std::uint8_t& each : bytes) each = below(8) == 0 ? octet() : telling_octet();
    for (std::size_t count = 4; count < 12; count += 2) bytes[count] = 0;
    expect_agreement(bytes);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
