#include <gtest/gtest.h>

#include "tests/support/packet_builder.h"
#include "wire/packet.h"

namespace wire {
namespace {

using namespace tests;

constexpr char kClient[] = "192.0.2.1";
constexpr char kServer[] = "198.51.100.2";
constexpr char kClient6[] = "2001:db8::1";
constexpr char kServer6[] = "2001:db8::2";
constexpr std::uint8_t kSynOnly = 0x02;

Bytes inner_ip() {
  return ipv4(kTcp, kClient, kServer, tcp(4000, 443, kSynOnly));
}
Bytes inner_ip6() {
  return ipv6(kTcp, kClient6, kServer6, tcp(4000, 443, kSynOnly));
}
Bytes outer(std::uint8_t protocol, const Bytes& inner) {
  return ethernet(kIpv4, ipv4(protocol, "10.0.0.1", "10.0.0.2", inner));
}

// However wrapped, the SYN inside is found with its own addresses, and the way it came is known.
void expect_syn(const Bytes& bytes, TunnelSet tunnels, LinkType link = LinkType::kEthernet, bool v6 = false) {
  // A copy of exactly this size: the address sanitizer sees a read beyond it.
  const Bytes exact(bytes.begin(), bytes.end());
  Packet packet;
  EXPECT_EQ(name_of(decode(frame_of(exact, link), packet)), "syn");
  EXPECT_EQ(to_text(packet.source), v6 ? kClient6 : kClient);
  EXPECT_EQ(to_text(packet.destination), v6 ? kServer6 : kServer);
  EXPECT_EQ(packet.source_port, 4000);
  EXPECT_EQ(packet.destination_port, 443);
  EXPECT_EQ(packet.tunnels, tunnels);

  // Cut anywhere, the frame gives some verdict, reads nothing beyond, and is a SYN only with its flags there.
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    Frame frame = frame_of(cut, link);
    frame.wire_length = static_cast<std::uint32_t>(bytes.size());
    const Verdict verdict = decode(frame, packet);
    EXPECT_EQ(verdict == Verdict::kSyn, length + 6 >= bytes.size()) << length;
  }
}

std::string_view verdict_of(const Bytes& bytes, LinkType link = LinkType::kEthernet) {
  Packet packet;
  return name_of(decode(frame_of(bytes, link), packet));
}

TEST(Decode, EthernetOfBothFamilies) {
  expect_syn(ethernet(kIpv4, inner_ip()), 0);
  expect_syn(ethernet(kIpv6, inner_ip6()), 0, LinkType::kEthernet, true);
}

TEST(Decode, UpToFourTagsOfAnyKind) {
  expect_syn(ethernet(0x8100, tag(kIpv4, inner_ip())), kVlan);
  expect_syn(ethernet(0x88A8, tag(0x8100, tag(kIpv6, inner_ip6()))), kVlan, LinkType::kEthernet, true);
  const Bytes four = tag(0x8100, tag(0x8100, tag(0x8100, tag(kIpv4, inner_ip()))));
  expect_syn(ethernet(0x9100, four), kVlan);
  EXPECT_EQ(verdict_of(ethernet(0x8100, tag(0x9100, four))), "too_deep");
}

TEST(Decode, MplsStackThenIpOrPseudowire) {
  expect_syn(ethernet(0x8847, mpls(false, mpls(true, inner_ip()))), kMpls);
  expect_syn(ethernet(0x8847, mpls(true, inner_ip6())), kMpls, LinkType::kEthernet, true);
  expect_syn(ethernet(0x8848, mpls(true, zeros(4) + ethernet(kIpv4, inner_ip()))), kMpls);
  Bytes endless;
  for (int i = 0; i < 100; ++i) endless = mpls(false, endless);
  EXPECT_EQ(verdict_of(ethernet(0x8847, endless)), "too_deep");
}

TEST(Decode, PppoeSessionIsFollowedDiscoveryIsNot) {
  expect_syn(ethernet(0x8864, pppoe(0x0021, inner_ip())), kPppoe);
  expect_syn(ethernet(0x8864, pppoe(0x0057, inner_ip6())), kPppoe, LinkType::kEthernet, true);
  EXPECT_EQ(verdict_of(ethernet(0x8863, zeros(40))), "not_ip");
  EXPECT_EQ(verdict_of(ethernet(0x8864, Bytes{0x21, 0, 0, 7} + be16(2) + be16(0x21))), "bad_header");
}

TEST(Decode, GreWithEveryCombinationOfOptionalFields) {
  for (unsigned flags = 0; flags < 8; ++flags) {
    const bool checksum = flags & 4, key = flags & 2, sequence = flags & 1;
    const Bytes header = be16(checksum * 0x8000u | key * 0x2000u | sequence * 0x1000u) + be16(kIpv4) +
                         zeros(4u * (checksum + key + sequence));
    expect_syn(outer(47, header + inner_ip()), kGre);
  }
  EXPECT_EQ(verdict_of(outer(47, be16(0x4000) + be16(kIpv4) + inner_ip())), "ip_other") << "source routing";
}

TEST(Decode, GreVersionOneCarriesPpp) {
  const Bytes header = be16(0x3081) + be16(0x880B) + zeros(4) + zeros(4) + zeros(4);
  expect_syn(outer(47, header + Bytes{0xFF, 0x03, 0x00, 0x21} + inner_ip()), kGre | kPpp);
  expect_syn(outer(47, header + Bytes{0x21} + inner_ip()), kGre | kPpp);
}

TEST(Decode, NvgreIsGreWithAKeyAroundEthernet) {
  expect_syn(outer(47, be16(0x2000) + be16(0x6558) + be32(7) + ethernet(kIpv4, inner_ip())), kGre | kNvgre);
  expect_syn(outer(47, be16(0) + be16(0x6558) + ethernet(kIpv4, inner_ip())), kGre);
}

TEST(Decode, ErspanOneTwoAndThree) {
  const Bytes frame = ethernet(kIpv4, inner_ip());
  expect_syn(outer(47, be16(0) + be16(0x88BE) + frame), kGre | kErspan);
  expect_syn(outer(47, be16(0x1000) + be16(0x88BE) + be32(1) + zeros(8) + frame), kGre | kErspan);
  const Bytes third = be16(0x1000) + be16(0x22EB) + be32(1) + zeros(11);
  expect_syn(outer(47, third + Bytes{0} + frame), kGre | kErspan);
  expect_syn(outer(47, third + Bytes{1} + zeros(8) + frame), kGre | kErspan);
}

TEST(Decode, TunnelsOverUdp) {
  expect_syn(outer(kUdp, udp(5000, 4789, Bytes{0x08} + zeros(7) + ethernet(kIpv4, inner_ip()))), kVxlan);
  expect_syn(
      outer(kUdp, udp(5000, 6081, Bytes{0x01, 0} + be16(0x6558) + zeros(8) + ethernet(kIpv4, inner_ip()))),
      kGeneve);
  const std::size_t length = inner_ip().size();
  expect_syn(outer(kUdp, udp(2152, 2152, Bytes{0x30, 255} + be16(length) + zeros(4) + inner_ip())), kGtpU);
  expect_syn(outer(kUdp, udp(2152, 2152,
                             Bytes{0x34, 255} + be16(length + 8) + zeros(4) + Bytes{0, 0, 0, 0x85} +
                                 Bytes{1, 0, 0, 0} + inner_ip())),
             kGtpU);
  const Bytes origin = zeros(8);
  const Bytes authentication = Bytes{0, 1, 0, 0} + zeros(9);
  expect_syn(outer(kUdp, udp(5000, 3544, inner_ip6())), kTeredo, LinkType::kEthernet, true);
  expect_syn(outer(kUdp, udp(3544, 5000, authentication + origin + inner_ip6())), kTeredo,
             LinkType::kEthernet, true);
}

TEST(Decode, VxlanGpeNamesWhatIsInside) {
  const auto gpe = [](std::uint8_t next, const Bytes& inner) {
    return outer(kUdp, udp(5000, 4790, Bytes{0x0C, 0, 0, next} + zeros(4) + inner));
  };
  expect_syn(gpe(1, inner_ip()), kVxlan);
  expect_syn(gpe(2, inner_ip6()), kVxlan, LinkType::kEthernet, true);
  expect_syn(gpe(3, ethernet(kIpv4, inner_ip())), kVxlan);
  EXPECT_EQ(verdict_of(gpe(9, inner_ip())), "udp_other");
}

TEST(Decode, APortAloneMakesNoTunnel) {
  EXPECT_EQ(verdict_of(outer(kUdp, udp(5000, 4789, zeros(60)))), "udp_other");
  EXPECT_EQ(verdict_of(outer(kUdp, udp(5000, 6081, Bytes{0xC0} + zeros(60)))), "udp_other");
  EXPECT_EQ(verdict_of(outer(kUdp, udp(2152, 2152, Bytes{0x30, 1} + zeros(60)))), "udp_other")
      << "echo request";
  EXPECT_EQ(verdict_of(outer(kUdp, udp(5000, 3544, zeros(60)))), "udp_other");
}

TEST(Decode, IpInIpOfEveryPairing) {
  expect_syn(outer(4, inner_ip()), kIpInIp);
  expect_syn(outer(41, inner_ip6()), kSixIn4, LinkType::kEthernet, true);
  expect_syn(ethernet(kIpv6, ipv6(4, "::1", "::2", inner_ip())), kIpInIp);
  expect_syn(ethernet(kIpv6, ipv6(41, "::1", "::2", inner_ip6())), kIpInIp, LinkType::kEthernet, true);
}

TEST(Decode, TunnelsInTunnelsAreFollowedToABoundedDepth) {
  const Bytes vxlan =
      outer(kUdp, udp(5000, 4789, Bytes{0x08} + zeros(7) + ethernet(0x8100, tag(kIpv4, inner_ip()))));
  expect_syn(outer(47, be16(0) + be16(0x6558) + vxlan), kGre | kVxlan | kVlan);
  Bytes deep = inner_ip();
  for (int i = 0; i < 40; ++i) deep = ipv4(4, kClient, kServer, deep);
  EXPECT_EQ(verdict_of(ethernet(kIpv4, deep)), "too_deep");
}

TEST(Decode, EveryLinkType) {
  expect_syn(inner_ip(), 0, LinkType::kRaw);
  expect_syn(inner_ip6(), 0, LinkType::kRaw, true);
  expect_syn(inner_ip(), 0, LinkType::kRawBsd);
  expect_syn(inner_ip(), 0, LinkType::kIpv4);
  expect_syn(inner_ip6(), 0, LinkType::kIpv6, true);
  expect_syn(zeros(14) + be16(kIpv4) + inner_ip(), 0, LinkType::kLinuxSll);
  expect_syn(be16(kIpv6) + zeros(18) + inner_ip6(), 0, LinkType::kLinuxSll2, true);
  expect_syn(Bytes{2, 0, 0, 0} + inner_ip(), 0, LinkType::kNull);
  expect_syn(Bytes{0, 0, 0, 30} + inner_ip6(), 0, LinkType::kLoop, true);
  expect_syn(Bytes{0xFF, 0x03, 0x00, 0x21} + inner_ip(), kPpp, LinkType::kPpp);
  expect_syn(Bytes{0x21} + inner_ip(), kPpp, LinkType::kPpp);
  expect_syn(Bytes{0x01, 0xFF, 0x03, 0x00, 0x57} + inner_ip6(), kPpp, LinkType::kPppWithDirection, true);
  expect_syn(Bytes{0x0F, 0x00} + be16(kIpv4) + inner_ip(), 0, LinkType::kCiscoHdlc);
  EXPECT_EQ(verdict_of(inner_ip(), static_cast<LinkType>(4242)), "unknown_link");
}

TEST(Decode, NflogInBothByteOrders) {
  const auto swapped = [](std::size_t value) { return Bytes{std::uint8_t(value), std::uint8_t(value >> 8)}; };
  const std::size_t length = inner_ip().size() + 4;
  expect_syn(Bytes{2, 0, 0, 0} + be16(5) + be16(10) + zeros(4) + be16(length) + be16(9) + inner_ip(), 0,
             LinkType::kNflog);
  expect_syn(
      Bytes{2, 0, 0, 0} + swapped(5) + swapped(10) + zeros(4) + swapped(length) + swapped(9) + inner_ip(), 0,
      LinkType::kNflog);
}

TEST(Decode, Ipv4OptionsAndEthernetPaddingAreNotPayload) {
  const Bytes dns = text("0123456789ab");
  const Bytes bytes =
      ethernet(kIpv4, ipv4(kUdp, kClient, kServer, udp(4000, 53, dns), {}, Bytes{1, 1, 1, 1})) + zeros(10);
  Packet packet;
  EXPECT_EQ(name_of(decode(frame_of(bytes), packet)), "dns");
  EXPECT_EQ(Bytes(packet.payload.begin(), packet.payload.end()), dns);
  EXPECT_FALSE(packet.cut);
}

TEST(Decode, ExtensionHeadersAreWalkedAndAnAtomicFragmentIsWhole) {
  const Bytes syn = tcp(4000, 443, kSynOnly);
  expect_syn(
      ethernet(kIpv6, ipv6(0, kClient6, kServer6, ipv6_option(43, ipv6_option(60, ipv6_option(kTcp, syn))))),
      0, LinkType::kEthernet, true);
  expect_syn(ethernet(kIpv6, ipv6(44, kClient6, kServer6, ipv6_fragment(kTcp, 9, 0, false, syn))), 0,
             LinkType::kEthernet, true);
  expect_syn(ethernet(kIpv6, ipv6(51, kClient6, kServer6, Bytes{kTcp, 4} + zeros(22) + syn)), 0,
             LinkType::kEthernet, true);
  Bytes endless = syn;
  for (int i = 0; i < 60; ++i) endless = ipv6_option(60, endless);
  EXPECT_EQ(verdict_of(ethernet(kIpv6, ipv6(60, kClient6, kServer6, endless))), "too_deep");
}

TEST(Decode, AFragmentStopsWithItsPlaceInTheDatagram) {
  const Bytes part = text("eight octets and so on..");
  Packet packet;
  EXPECT_EQ(name_of(decode(frame_of(ethernet(kIpv4, ipv4(kUdp, kClient, kServer, part,
                                                         {.id = 77, .offset = 1480, .more = true}))),
                           packet)),
            "fragment");
  EXPECT_EQ(packet.fragment.id, 77u);
  EXPECT_EQ(packet.fragment.offset, 1480u);
  EXPECT_TRUE(packet.fragment.more);
  EXPECT_EQ(packet.fragment.protocol, kUdp);
  EXPECT_EQ(packet.payload.size(), part.size());

  const Bytes six =
      ethernet(kIpv6, ipv6(44, kClient6, kServer6, ipv6_fragment(kUdp, 0x12345678, 8, false, part)));
  EXPECT_EQ(name_of(decode(frame_of(six), packet)), "fragment");
  EXPECT_EQ(packet.fragment.id, 0x12345678u);
  EXPECT_EQ(packet.fragment.offset, 8u);
  EXPECT_FALSE(packet.fragment.more);
}

TEST(Decode, APacketQuotedByIcmpIsNotTraffic) {
  EXPECT_EQ(verdict_of(outer(1, Bytes{3, 3} + zeros(6) + inner_ip())), "icmp");
  EXPECT_EQ(verdict_of(ethernet(kIpv6, ipv6(58, kClient6, kServer6, Bytes{1, 4} + zeros(6) + inner_ip6()))),
            "icmp");
}

TEST(Decode, TcpFlagsDecide) {
  const auto with = [](std::uint16_t port, std::uint8_t flags) {
    return verdict_of(ethernet(kIpv4, ipv4(kTcp, kClient, kServer, tcp(4000, port, flags))));
  };
  EXPECT_EQ(with(80, 0x02), "syn");
  EXPECT_EQ(with(80, 0xC2), "syn") << "with ECE and CWR (RFC 3168)";
  EXPECT_EQ(with(80, 0x12), "syn_ack");
  EXPECT_EQ(with(80, 0x10), "tcp_other");
  EXPECT_EQ(with(53, 0x10), "dns_segment");
  EXPECT_EQ(with(53, 0x02), "syn");
}

TEST(Decode, QuicInitialOfBothVersionsAndNothingElse) {
  const auto quic = [](Bytes start, std::size_t size) {
    start.resize(size);
    return verdict_of(ethernet(kIpv4, ipv4(kUdp, kClient, kServer, udp(4000, 443, start))));
  };
  EXPECT_EQ(quic({0xC0, 0, 0, 0, 1, 8}, 1200), "quic_initial");
  EXPECT_EQ(quic({0xD0, 0x6B, 0x33, 0x43, 0xCF, 8}, 1200), "quic_initial");
  EXPECT_EQ(quic({0xD0, 0, 0, 0, 1, 8}, 1200), "udp_other") << "0-RTT";
  EXPECT_EQ(quic({0xC0, 0, 0, 0, 1, 8}, 1199), "udp_other") << "too small for a client's Initial";
  EXPECT_EQ(quic({0xC0, 0, 0, 0, 1, 21}, 1200), "udp_other") << "connection id too long";
  EXPECT_EQ(quic({0x40, 0, 0, 0, 1, 8}, 1200), "udp_other") << "short header";
  EXPECT_EQ(quic({0xC0, 0xFF, 0, 0, 28, 8}, 1200), "udp_other") << "a draft";
}

TEST(Decode, ContradictionsAreBadHeaders) {
  Bytes short_header = ethernet(kIpv4, inner_ip());
  short_header[14] = 0x44;
  EXPECT_EQ(verdict_of(short_header), "bad_header");
  Bytes short_total = ethernet(kIpv4, inner_ip());
  short_total[17] = 19;
  EXPECT_EQ(verdict_of(short_total), "bad_header");
  Bytes short_tcp = ethernet(kIpv4, inner_ip());
  short_tcp[14 + 20 + 12] = 0x40;
  EXPECT_EQ(verdict_of(short_tcp), "bad_header");
  Bytes short_udp = ethernet(kIpv4, ipv4(kUdp, kClient, kServer, udp(4000, 53, zeros(20))));
  short_udp[14 + 20 + 5] = 7;
  EXPECT_EQ(verdict_of(short_udp), "bad_header");
}

TEST(Decode, TotalLengthZeroIsSegmentationOffloadAndTakesAllThereIs) {
  Bytes bytes = ethernet(kIpv4, ipv4(kUdp, kClient, kServer, udp(4000, 53, zeros(20))));
  bytes[16] = bytes[17] = 0;
  EXPECT_EQ(verdict_of(bytes), "dns");
}

TEST(Decode, WhatIsNotIpSaysSo) {
  EXPECT_EQ(verdict_of(ethernet(0x0806, zeros(28))), "not_ip");
  EXPECT_EQ(verdict_of(ethernet(38, Bytes{0x42, 0x42, 0x03} + zeros(35))), "not_ip");
  const Bytes snap = Bytes{0xAA, 0xAA, 0x03, 0, 0, 0} + be16(kIpv4) + inner_ip();
  expect_syn(ethernet(static_cast<std::uint16_t>(snap.size()), snap), 0);
  EXPECT_EQ(verdict_of(outer(50, zeros(40))), "ip_other");
}

}  // namespace
}  // namespace wire
