#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "wire/address.h"

namespace wire {
namespace {

Address parse(const char* text) {
  std::uint8_t bytes[16];
  if (inet_pton(AF_INET, text, bytes) == 1) return Address::v4(bytes);
  EXPECT_EQ(inet_pton(AF_INET6, text, bytes), 1) << text;
  return Address::v6(bytes);
}

TEST(Address, TextOfBothFamiliesIsWhatInetNtopWrites) {
  EXPECT_EQ(to_text(parse("192.0.2.7")), "192.0.2.7");
  EXPECT_EQ(to_text(parse("2001:db8::1")), "2001:db8::1");
  EXPECT_EQ(to_text(parse("::")), "::");
}

TEST(Address, Ipv4MappedInIpv6IsTheIpv4Address) {
  EXPECT_EQ(parse("::ffff:192.0.2.7"), parse("192.0.2.7"));
  EXPECT_TRUE(parse("::ffff:192.0.2.7").is_v4());
  EXPECT_FALSE(parse("::192.0.2.7").is_v4());
}

TEST(Address, OrderIsNumeric) {
  EXPECT_LT(parse("9.0.0.0"), parse("10.0.0.0"));
  EXPECT_LT(parse("10.0.0.255"), parse("10.0.1.0"));
  EXPECT_LT(parse("192.0.2.7"), parse("2001:db8::1"));
  EXPECT_LT(parse("2001:db8::1:0"), parse("2001:db8::2:0"));
}

TEST(Address, HashTellsNeighboursApart) {
  EXPECT_NE(hash(parse("10.0.0.1")), hash(parse("10.0.0.2")));
  EXPECT_NE(hash(parse("2001:db8::1")), hash(parse("2001:db8:1::")));
}

}  // namespace
}  // namespace wire
