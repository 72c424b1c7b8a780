#include <string>

#include <gtest/gtest.h>

#include "matchers/domain_text.h"
#include "matchers/labels.h"

namespace matchers {
namespace {

std::string octets(const WireName& name) {
  return {name.begin(), name.end()};
}

std::string wire(std::string_view text) {
  return octets(wire_name(text));
}

template <class Read>
std::string refusal(Read read, std::string_view text) {
  try {
    read(text);
  } catch (const DomainError& error) {
    return error.what();
  }
  return "";
}

using namespace std::string_literals;

TEST(DomainText, BecomesLowerCasedWireForm) {
  EXPECT_EQ(wire("campus.example"), "\6campus\7example\0"s);
  EXPECT_EQ(wire("Campus.EXAMPLE."), wire("campus.example"));
  EXPECT_EQ(wire("."), "\0"s);
  EXPECT_EQ(wire("_dmarc.x"), "\6_dmarc\1x\0"s);
}

TEST(DomainText, EscapesAreOctets) {
  EXPECT_EQ(wire("a\\.b.x"), "\3a.b\1x\0"s);
  EXPECT_EQ(wire("\\032\\\\\\255.x"), "\3 \\\xff\1x\0"s);
  EXPECT_EQ(wire("\\065.x"), "\1a\1x\0"s);
}

TEST(DomainText, OtherLettersBecomeALabels) {
  EXPECT_EQ(wire("Bücher.example"), wire("xn--bcher-kva.example"));
  EXPECT_EQ(wire("大学.example."), wire("xn--pss25c.example"));
  EXPECT_EQ(wire("u\u0308.example"), wire("ü.example"));
}

TEST(DomainText, WhatIsNoNameIsToldWhy) {
  const auto why = [](std::string_view text) { return refusal(wire_name, text); };
  EXPECT_EQ(why(""), "an empty name is none");
  EXPECT_EQ(why("a..b"), "'a..b' has an empty label");
  EXPECT_EQ(why(".a"), "'.a' has an empty label");
  EXPECT_EQ(why("a.."), "'a..' has an empty label");
  EXPECT_EQ(why(std::string(63, 'a')), "");
  EXPECT_EQ(why(std::string(64, 'a') + ".b"), "'" + std::string(28, 'a') + "..." + std::string(26, 'a') +
                                                  ".b' has a label of more than 63 octets");
  EXPECT_EQ(why("a\\"), "'a\\' ends in the middle of an escape");
  EXPECT_EQ(why("\\256"), "'\\256' has a backslash and a digit, but not three digits from 000 to 255");
  EXPECT_EQ(why("\\1a"), "'\\1a' has a backslash and a digit, but not three digits from 000 to 255");
  EXPECT_TRUE(why("b\xfc"
                  "cher")
                  .starts_with("'b?cher' is no internationalised name: "));
  EXPECT_EQ(why("ü\0x"s), "'???x' has a NUL in it");
}

TEST(DomainText, ANameHas255OctetsAtMost) {
  std::string text;
  for (int i = 0; i < 127; ++i) text += "a.";
  EXPECT_EQ(wire_name(text).size(), kMaxNameOctets);
  EXPECT_TRUE(refusal(wire_name, "a." + text).ends_with(" is longer than 255 octets"));
}

TEST(DomainText, DomainsOfHostsAreLettersDigitsHyphens) {
  const auto why = [](std::string_view text) { return refusal(host_domain, text); };
  EXPECT_EQ(why("cs-1.campus.example."), "");
  EXPECT_EQ(why("."), "'.' is the root, which is nobody's domain");
  EXPECT_EQ(why("*.campus.example"),
            "'*.campus.example' has a character in it that is neither letter, digit, hyphen nor underscore");
  EXPECT_FALSE(why("campus example").empty());
  EXPECT_FALSE(why("campus\\046.example").empty());
}

TEST(Labels, AreThoseOfTheNameFromTheRight) {
  const WireName name = wire_name("www.campus.example");
  const Labels labels(name);
  ASSERT_EQ(labels.count(), 3U);
  const auto text = [&](std::size_t place) {
    const auto label = labels.from_right(place);
    return std::string(label.begin(), label.end());
  };
  EXPECT_EQ(text(0), "example");
  EXPECT_EQ(text(2), "www");
  EXPECT_EQ(labels.suffix_octets(0), 1U);
  EXPECT_EQ(labels.suffix_octets(2), 16U);
  EXPECT_EQ(labels.suffix_octets(3), name.size());
}

TEST(Labels, WhatIsNoNameHasNone) {
  const auto count = [](const std::string& octets) {
    return Labels(std::span(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size())).count();
  };
  EXPECT_EQ(count(""), 0U);
  EXPECT_EQ(count("\0"s), 0U);
  EXPECT_EQ(count("\1a\0"s), 1U);
  EXPECT_EQ(count("\1a"), 0U) << "no root";
  EXPECT_EQ(count("\2a\0"s), 0U) << "the label takes the root with it";
  EXPECT_EQ(count("\1a\0\0"s), 0U) << "octets behind the root";
  EXPECT_EQ(count("\300\14"), 0U) << "a pointer";
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "\1a";
  EXPECT_EQ(count(longest + "\0"s), 127U);
  EXPECT_EQ(count(longest + "\1"), 0U);
  EXPECT_EQ(count(longest + "\1a\0"s), 0U);
}

}  // namespace
}  // namespace matchers
