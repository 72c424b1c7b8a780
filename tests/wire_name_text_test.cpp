// Names as logs write them.
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "matchers/domain_text.h"
#include "wire/name_text.h"

namespace {

std::string read(std::string_view text) {
  wire::DnsName name;
  return wire::read_name(text, name) ? wire::to_text(name.wire()) : "none";
}

TEST(NameText, IsReadInPresentationForm) {
  EXPECT_EQ(read("WWW.Example.ORG."), "www.example.org");
  EXPECT_EQ(read("."), ".");
  EXPECT_EQ(read("a\\.b.example"), "a\\.b.example");
  EXPECT_EQ(read("a\\032b.example"), "a\\032b.example");
  EXPECT_EQ(read("\\065.example"), "a.example");
}

TEST(NameText, WhatIsNoNameIsRefused) {
  for (const char* text : {"", "..", ".a", "a..b", "a\\", "a\\25", "a\\256", "a\\2x5"})
    EXPECT_EQ(read(text), "none") << text;
  EXPECT_NE(read(std::string(63, 'x')), "none");
  EXPECT_EQ(read(std::string(64, 'x')), "none");
}

// 255 octets with all length octets and the root (RFC 1035 section 2.3.4).
TEST(NameText, MayHaveTwoHundredAndFiftyFiveOctets) {
  std::string longest;
  for (int i = 0; i < 3; ++i) longest += std::string(63, 'x') + ".";
  wire::DnsName name;
  ASSERT_TRUE(wire::read_name(longest + std::string(61, 'x'), name));
  EXPECT_EQ(name.length, 255);
  EXPECT_FALSE(wire::read_name(longest + std::string(62, 'x'), name));
  EXPECT_EQ(name.length, 0);
}

// The second opinion is the reader of names in configurations.
TEST(NameText, AgreesWithTheOtherReader) {
  std::mt19937 random(7);
  const std::string_view letters = "abXY01-_.\\.\\ 2";
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (std::size_t length = random() % 20; length > 0; --length) text += letters[random() % letters.size()];
    std::string expected = "none";
    try {
      expected = wire::to_text(matchers::wire_name(text));
    } catch (const matchers::DomainError&) {
    }
    ASSERT_EQ(read(text), expected) << text;
  }
}

}  // namespace
