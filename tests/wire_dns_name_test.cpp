#include <array>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"
#include "tests/support/parsed_dns.h"
#include "wire/dns_name_walk.h"

namespace {

using namespace tests;
using wire::DnsFault;

DnsBuilder query_for(const WireName& name) {
  return dns_query().question(name, DnsType::kA);
}

Octets octets(std::string_view text) {
  return Octets(text.begin(), text.end());
}

// A name of `size` octets, root included, of labels as long as they may be.
Octets name_of_octets(std::size_t size) {
  Octets name;
  while (name.size() + 1 < size) {
    const std::size_t left = size - name.size() - 2;
    const std::size_t length =
        left == 64 ? 62 : std::min<std::size_t>(left, 63);  // leave no single octet over
    name = name + label(std::string(length, 'x'));
  }
  name.push_back(0);
  return name;
}

TEST(DnsName, IsLowerCasedInAsciiOnly) {
  EXPECT_EQ(ParsedDns(query_for("WwW.ExAmPlE.CoM")).qname(), "www.example.com");
  const Octets around_the_letters = label("@AZ[`az{") + Octets{1, 0xC1} + Octets{0};
  EXPECT_EQ(ParsedDns(query_for(around_the_letters)).qname(), "\\@az[`az{.\\193");
}

TEST(DnsName, IsLowerCasedToItsLastOctetAtEachLength) {
  for (std::size_t size = 3; size <= wire::kMaxNameOctets; ++size) {
    Octets name = name_of_octets(size);
    const Octets lower = name;
    for (std::uint8_t& octet : name)
      if (octet == 'x') octet = 'X';
    const ParsedDns parsed(query_for(name));
    ASSERT_EQ(parsed->fault, DnsFault::kNone) << size;
    const auto wire_name = parsed->qname.wire();
    ASSERT_EQ(Octets(wire_name.begin(), wire_name.end()), lower) << size;
  }
}

TEST(DnsName, LengthOctetsThatLookLikeLettersStay) {
  const std::string label_of_sixty_three(63, 'a');  // 63 is '?', and no length octet reaches 'A'
  EXPECT_EQ(ParsedDns(query_for(label_of_sixty_three)).qname(), label_of_sixty_three);
}

TEST(DnsName, TheRootIsADot) {
  const ParsedDns parsed(query_for(""));
  EXPECT_EQ(parsed.qname(), ".");
  EXPECT_EQ(parsed->qname.length, 1);
}

TEST(DnsName, NoNameAtAllHasNoText) {
  EXPECT_EQ(wire::to_text(Octets()), "");
}

TEST(DnsName, SpecialCharactersAreEscapedAsInAZoneFile) {
  const Octets name = label(".\\\"();@$ \x7F") + Octets{3, 0, 9, 255} + Octets{0};
  EXPECT_EQ(wire::to_text(name), "\\.\\\\\\\"\\(\\)\\;\\@\\$\\032\\127.\\000\\009\\255");
}

TEST(DnsName, TextOfACutNameStopsAtItsEnd) {
  EXPECT_EQ(wire::to_text(Octets{5, 'a', 'b'}), "ab");
  EXPECT_EQ(wire::to_text(Octets{1, 'a'}), "a");
}

TEST(DnsName, TwoHundredAndFiftyFiveOctetsAreAName) {
  const ParsedDns parsed(query_for(name_of_octets(255)));
  EXPECT_EQ(parsed->fault, DnsFault::kNone);
  EXPECT_EQ(parsed->qname.length, 255);
}

TEST(DnsName, TwoHundredAndFiftySixOctetsAreTooMany) {
  const ParsedDns parsed(query_for(name_of_octets(256)));
  EXPECT_EQ(parsed->fault, DnsFault::kLongName);
  EXPECT_EQ(parsed->qname.length, 0);
}

TEST(DnsName, TheBoundCountsWhatAPointerAdds) {
  const auto response_with = [](std::size_t label_octets) {
    return dns_response()
        .question(name_of_octets(200), DnsType::kA)
        .a(name_with_pointer(std::string(label_octets, 'y'), 12), "192.0.2.1");
  };
  EXPECT_EQ(ParsedDns(response_with(54))->fault, DnsFault::kNone);  // 55 + 200
  EXPECT_EQ(ParsedDns(response_with(55))->fault, DnsFault::kLongName);
}

TEST(DnsName, ReservedLabelTypesAreRefused) {
  EXPECT_EQ(ParsedDns(query_for(raw_name({0x40, 0})))->fault, DnsFault::kBadLabel);
  EXPECT_EQ(ParsedDns(query_for(raw_name({0x41, 0x01, 0})))->fault, DnsFault::kBadLabel);  // RFC 2673
  EXPECT_EQ(ParsedDns(query_for(raw_name({0x80, 0})))->fault, DnsFault::kBadLabel);
  EXPECT_EQ(ParsedDns(query_for(raw_name({0xBF, 0})))->fault, DnsFault::kBadLabel);
}

TEST(DnsName, ALabelThatRunsOutOfTheMessageIsAnEarlyEnd) {
  const auto bytes = dns_query().claim(DnsBuilder::kQuestion, 1).append({3, 'a'});
  EXPECT_EQ(ParsedDns(bytes)->fault, DnsFault::kEndsEarly);
}

TEST(DnsName, ANameWithoutItsRootIsAnEarlyEnd) {
  const auto bytes = dns_query().claim(DnsBuilder::kQuestion, 1).append({1, 'a'});
  EXPECT_EQ(ParsedDns(bytes)->fault, DnsFault::kEndsEarly);
}

TEST(DnsName, HalfAPointerIsAnEarlyEnd) {
  const auto bytes = dns_query().claim(DnsBuilder::kQuestion, 1).append({0xC0});
  EXPECT_EQ(ParsedDns(bytes)->fault, DnsFault::kEndsEarly);
}

TEST(DnsName, APointerToItselfIsRefused) {
  EXPECT_EQ(ParsedDns(query_for(pointer(12)))->fault, DnsFault::kBadPointer);
}

TEST(DnsName, APointerToTheStartOfItsOwnNameIsRefused) {
  EXPECT_EQ(ParsedDns(query_for(name_with_pointer("a", 12)))->fault, DnsFault::kBadPointer);
}

TEST(DnsName, APointerIntoItsOwnLabelsIsRefused) {
  EXPECT_EQ(ParsedDns(query_for(name_with_pointer("abc", 13)))->fault, DnsFault::kBadPointer);
}

TEST(DnsName, APointerForwardIsRefused) {
  const auto bytes = dns_query().question(pointer(18), DnsType::kA).question("example.com", DnsType::kA);
  EXPECT_EQ(ParsedDns(bytes)->fault, DnsFault::kBadPointer);
}

TEST(DnsName, TwoPointersThatLeadToEachOtherAreRefused) {
  const auto bytes = dns_query().question(pointer(18), DnsType::kA).question(pointer(12), DnsType::kA);
  EXPECT_EQ(ParsedDns(bytes)->fault, DnsFault::kBadPointer);
}

TEST(DnsName, APartThatRunsIntoThePointerThatCalledItIsRefused) {
  DnsBuilder message = dns_response().question("example.com", DnsType::kA);
  const std::uint32_t txt = message.here() + 12;
  message.answer(pointer(12), DnsType::kTxt, label("ab"));  // its one label ends where the next owner begins
  message.a(pointer(txt), "192.0.2.1");
  const ParsedDns parsed(message);
  EXPECT_EQ(parsed->fault, DnsFault::kBadPointer);
}

TEST(DnsName, TheFirstQuestionMayPointIntoTheHeader) {
  DnsBuilder message = query_for(pointer(0)).id(0x0161);  // "\001a", then a zero octet for the flags
  const ParsedDns parsed(message);
  EXPECT_EQ(parsed->fault, DnsFault::kNone);
  EXPECT_EQ(parsed.qname(), "a");
}

// Pointers laid end to end in a TXT record, each leading to the one before it.
DnsBuilder chain_of_pointers(int pointers) {
  DnsBuilder message = dns_response().question("a", DnsType::kA);
  std::uint32_t target = 12;
  std::uint32_t at = message.here() + 11;  // root owner and ten fixed octets before the RDATA
  Octets chain;
  for (int made = 1; made < pointers; ++made) {
    chain = chain + pointer_octets(target);
    target = at;
    at += 2;
  }
  return message.answer("", DnsType::kTxt, chain).a(pointer(target), "192.0.2.1");
}

TEST(DnsName, AHundredAndTwentySevenPointersAreFollowed) {
  const ParsedDns parsed(chain_of_pointers(127));
  EXPECT_EQ(parsed->fault, DnsFault::kNone);
  EXPECT_EQ(parsed->records_read, 2u);
}

TEST(DnsName, MorePointersThanANameCanHaveLabelsAreRefused) {
  const ParsedDns parsed(chain_of_pointers(128));
  EXPECT_EQ(parsed->fault, DnsFault::kBadPointer);
}

TEST(DnsName, APointerAfterLabelsEndsTheNameWhereItStands) {
  const ParsedDns parsed(dns_query()
                             .question("example.com", DnsType::kA)
                             .question(name_with_pointer("www", 12), DnsType::kAaaa)
                             .edns(4096));
  EXPECT_EQ(parsed->fault, DnsFault::kNone);
  EXPECT_EQ(parsed->udp_size, 4096);
}

TEST(DnsName, EqualNamesHaveEqualHashes) {
  const ParsedDns lower(query_for("www.example.com"));
  const ParsedDns upper(query_for("WWW.EXAMPLE.COM"));
  const ParsedDns other(query_for("www.example.org"));
  EXPECT_EQ(lower->qname.hash(), upper->qname.hash());
  EXPECT_NE(lower->qname.hash(), other->qname.hash());
}

// Labels with any octets in them, of which one may have been changed, and what stands behind them or is cut
// off.
class AnyName {
 public:
  Octets next() {
    Octets octets;
    for (std::size_t labels = below(10); labels > 0; --labels) {
      const std::size_t length = 1 + below(below(8) == 0 ? 63 : 12);
      octets.push_back(static_cast<std::uint8_t>(length));
      for (std::size_t i = 0; i < length; ++i) octets.push_back(octet());
    }
    octets.push_back(0);
    for (std::size_t behind = below(12); behind > 0; --behind) octets.push_back(octet());
    if (below(3) == 0) octets[below(octets.size())] = octet();
    if (below(3) == 0) octets.resize(1 + below(octets.size()));
    octets.shrink_to_fit();  // for the address sanitizer
    return octets;
  }

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(chance_);
  }

 private:
  std::uint8_t octet() {
    static constexpr std::array<std::uint8_t, 10> kTelling = {0, 1, 2, 62, 63, 64, 'A', 'Z', 0xBF, 0xC0};
    return below(8) == 0 ? kTelling[below(kTelling.size())] : static_cast<std::uint8_t>('a' + below(26));
  }

  std::mt19937 chance_{1};
};

TEST(DnsName, IsReadAsItIsWalked) {
  AnyName any;
  std::array<int, 2> seen{};  // of more than 63 octets, and of others
  for (int i = 0; i < 200'000; ++i) {
    const Octets message = any.next();
    const auto at = static_cast<std::uint32_t>(any.below(8) == 0 ? any.below(message.size() + 1) : 0);
    const wire::NameWalk walked = wire::skip_name(message, at);
    wire::DnsName name;
    const wire::NameWalk read = wire::read_name(message, at, name);
    ASSERT_EQ(read.fault, walked.fault) << testing::PrintToString(message) << at;
    if (walked.fault != DnsFault::kNone || walked.pointers != 0) continue;
    ASSERT_EQ(read.end, walked.end) << testing::PrintToString(message) << at;
    ASSERT_EQ(read.pointers, 0);
    ASSERT_EQ(read.cost, walked.cost);
    Octets lower(message.begin() + at, message.begin() + walked.end);
    for (std::uint8_t& octet : lower) octet += octet >= 'A' && octet <= 'Z' ? 32 : 0;
    ASSERT_EQ(Octets(name.wire().begin(), name.wire().end()), lower) << testing::PrintToString(message);
    ++seen[lower.size() <= 63];
  }
  EXPECT_GT(seen[0], 10'000);
  EXPECT_GT(seen[1], 50'000);
}

TEST(DnsName, ANameStaysInsideItsOwnMessage) {
  const Octets bytes = query_for("abcdefghijklmnopqrstuvwxyz").bytes() + octets("and what follows it");
  const auto parser = std::make_unique<wire::DnsParser>();
  const auto& message = parser->parse(std::span(bytes).first(bytes.size() - 19 - 4));
  EXPECT_EQ(message.fault, DnsFault::kEndsEarly);
  EXPECT_FALSE(message.has_question);
}

}  // namespace
