#include <random>

#include <gtest/gtest.h>

#include "wire/network.h"

namespace wire {
namespace {

Address address(const char* text) {
  const std::optional<Address> address = address_from(text);
  EXPECT_TRUE(address.has_value()) << text;
  return address.value_or(Address{});
}

Network network(const char* text) {
  const std::optional<Network> network = network_from(text);
  EXPECT_TRUE(network.has_value()) << text;
  return network.value_or(Network{});
}

TEST(Network, HoldsItsAddressesAndNoOthers) {
  EXPECT_TRUE(network("10.1.0.0/16").contains(address("10.1.255.255")));
  EXPECT_FALSE(network("10.1.0.0/16").contains(address("10.2.0.0")));
  EXPECT_FALSE(network("10.1.0.0/16").contains(address("10.0.255.255")));
  EXPECT_TRUE(network("2001:db8:1::/48").contains(address("2001:db8:1:ffff::1")));
  EXPECT_FALSE(network("2001:db8:1::/48").contains(address("2001:db8:2::1")));
  EXPECT_TRUE(network("10.1.0.25").contains(address("10.1.0.25")));
  EXPECT_FALSE(network("10.1.0.25").contains(address("10.1.0.24")));
  EXPECT_TRUE(network("0.0.0.0/0").contains(address("255.255.255.255")));
  EXPECT_FALSE(network("0.0.0.0/0").contains(address("2001:db8::1")));
  EXPECT_TRUE(network("::/0").contains(address("10.0.0.1")));
}

// Bit by bit, as a person would compare.
bool naive_contains(const Address& base, unsigned prefix, const Address& other) {
  const auto* a = reinterpret_cast<const std::uint8_t*>(&base);
  const auto* b = reinterpret_cast<const std::uint8_t*>(&other);
  for (unsigned bit = 0; bit < prefix; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) return false;
  }
  return true;
}

TEST(Network, AgreesWithComparingBitByBit) {
  std::mt19937_64 random(7);
  unsigned inside = 0;
  for (unsigned i = 0; i < 100'000; ++i) {
    const Address base = {random(), random()};
    const auto prefix = static_cast<unsigned>(random() % 129);
    Address other = base;
    const auto flipped = static_cast<unsigned>(random() % 128);
    reinterpret_cast<std::uint8_t*>(&other)[flipped / 8] ^= static_cast<std::uint8_t>(0x80U >> (flipped % 8));
    const bool expected = naive_contains(base, prefix, other);
    ASSERT_EQ(Network(base, prefix).contains(other), expected) << to_text(base) << " " << prefix;
    inside += expected;
  }
  EXPECT_GT(inside, 10'000u);
}

TEST(Network, TextGoesThereAndBack) {
  for (const char* text :
       {"10.1.0.0/16", "0.0.0.0/0", "192.0.2.7/32", "2001:db8:1::/48", "::/0", "fe80::/10"}) {
    EXPECT_EQ(to_text(network(text)), text);
  }
  EXPECT_EQ(to_text(network("10.1.0.25")), "10.1.0.25/32");
  EXPECT_EQ(to_text(network("::1")), "::1/128");
}

TEST(Network, WhatIsNoNetworkIsRefused) {
  for (const char* text :
       {"", "/", "10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/", "10.1.0.0/1x", "10.1.0.1/16", "10.1",
        "2001:db8::/129", "2001:db8::1/64", "example.com", "10.1.0.0 /16", "::ffff:10.0.0.0/200",
        "10.1.0.0/16/16", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc"}) {
    EXPECT_FALSE(network_from(text).has_value()) << text;
  }
  EXPECT_FALSE(address_from("10.1.0.0/16").has_value());
}

}  // namespace
}  // namespace wire
