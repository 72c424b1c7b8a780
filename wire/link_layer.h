// Link layers and what may stand between them and IP. Each takes its header and names the next layer.
#pragma once

#include "wire/layer.h"

namespace wire {

inline constexpr std::uint8_t kMaxVlanTags = 4;
inline constexpr std::uint16_t kSmallestEtherType = 0x0600;  // below, an IEEE 802.3 length

inline Layer ether_type_layer(Peeling& peeling) noexcept {
  switch (peeling.type) {
    case kEtherTypeIpv4:
      return Layer::kIpv4;
    case kEtherTypeIpv6:
      return Layer::kIpv6;
    case 0x8100:
    case 0x88A8:
    case 0x9100:
      return Layer::kVlan;
    case 0x8847:
    case 0x8848:
      return Layer::kMpls;
    case 0x8864:
      return Layer::kPppoe;
    case 0x880B:
      return Layer::kPpp;
    case 0x6558:
      return Layer::kEthernet;  // transparent Ethernet bridging
    default:
      return peeling.type < kSmallestEtherType ? Layer::kLlc : peeling.done(Verdict::kNotIp);
  }
}

inline Layer peel_ethernet(Peeling& peeling) noexcept {
  constexpr std::size_t kHeader = 14;
  if (!peeling.in.has(kHeader)) return peeling.done(Verdict::kTruncated);
  peeling.type = load_be16(peeling.in.at + 12);
  peeling.in.at += kHeader;
  return ether_type_layer(peeling);
}

inline Layer peel_vlan(Peeling& peeling) noexcept {
  if (!peeling.in.has(4)) return peeling.done(Verdict::kTruncated);
  if (++peeling.vlan_tags > kMaxVlanTags) return peeling.done(Verdict::kTooDeep);
  peeling.packet.tunnels |= kVlan;
  peeling.type = load_be16(peeling.in.at + 2);
  peeling.in.at += 4;
  return ether_type_layer(peeling);
}

// SNAP with OUI 0 carries an EtherType (RFC 1042); all else in 802.2 is not IP.
inline Layer peel_llc(Peeling& peeling) noexcept {
  constexpr std::uint8_t kSnap[] = {0xAA, 0xAA, 0x03, 0, 0, 0};
  if (!peeling.in.has(8)) return peeling.done(Verdict::kNotIp);
  if (std::memcmp(peeling.in.at, kSnap, sizeof kSnap) != 0) return peeling.done(Verdict::kNotIp);
  peeling.in.limit(peeling.type);
  if (!peeling.in.has(8)) return peeling.done(Verdict::kTruncated);
  peeling.type = load_be16(peeling.in.at + 6);
  peeling.in.at += 8;
  return peeling.type < kSmallestEtherType ? peeling.done(Verdict::kNotIp) : ether_type_layer(peeling);
}

// A label stack does not say what it carries: the first nibble does (RFC 4928 section 3). 4 and 6 are IP, 0
// is the control word of an Ethernet pseudowire (RFC 4448), all else an Ethernet frame without one.
inline Layer peel_mpls(Peeling& peeling) noexcept {
  peeling.packet.tunnels |= kMpls;
  for (bool bottom = false; !bottom; peeling.in.at += 4) {
    if (!peeling.in.has(4)) return peeling.done(Verdict::kTruncated);
    if (++peeling.packet.depth > kMaxDepth) return peeling.done(Verdict::kTooDeep);
    bottom = (peeling.in.at[2] & 0x01) != 0;
  }
  if (!peeling.in.has(1)) return peeling.done(Verdict::kTruncated);
  switch (peeling.in.at[0] >> 4) {
    case 4:
      return Layer::kIpv4;
    case 6:
      return Layer::kIpv6;
    case 0:
      return peeling.skip(4, Layer::kEthernet);
    default:
      return Layer::kEthernet;
  }
}

inline Layer peel_pppoe(Peeling& peeling) noexcept {
  constexpr std::size_t kHeader = 6;
  if (!peeling.in.has(kHeader)) return peeling.done(Verdict::kTruncated);
  if (peeling.in.at[0] != 0x11) return peeling.done(Verdict::kBadHeader);  // version 1, type 1
  if (peeling.in.at[1] != 0) return peeling.done(Verdict::kNotIp);         // a code other than session data
  const std::size_t length = load_be16(peeling.in.at + 4);
  peeling.in.at += kHeader;
  peeling.in.limit(length);
  peeling.packet.tunnels |= kPppoe;
  return Layer::kPppProtocol;
}

inline Layer peel_ppp(Peeling& peeling) noexcept {
  peeling.packet.tunnels |= kPpp;
  if (peeling.in.has(2) && peeling.in.at[0] == 0xFF && peeling.in.at[1] == 0x03) peeling.in.at += 2;
  return Layer::kPppProtocol;
}

// LINKTYPE_PPP_PPPD puts a direction in place of the address octet, LINKTYPE_PPP_WITH_DIR before it.
inline Layer first_of_ppp_with_direction(LinkType link, Peeling& peeling) noexcept {
  if (link == LinkType::kPppWithDirection) return peeling.skip(1, Layer::kPpp);
  if (peeling.in.has(2) && peeling.in.at[1] == 0x03) return peeling.through(kPpp, 2, Layer::kPppProtocol);
  return Layer::kPpp;
}

// The protocol field may be compressed to one octet, whose lowest bit is then set (RFC 1661 section 6.5).
inline Layer peel_ppp_protocol(Peeling& peeling) noexcept {
  if (!peeling.in.has(2)) return peeling.done(Verdict::kTruncated);
  const bool compressed = (peeling.in.at[0] & 1) != 0;
  const std::uint16_t protocol = compressed ? peeling.in.at[0] : load_be16(peeling.in.at);
  peeling.in.at += compressed ? 1 : 2;
  switch (protocol) {
    case 0x0021:
      return Layer::kIpv4;
    case 0x0057:
      return Layer::kIpv6;
    case 0x0281:
    case 0x0283:
      return Layer::kMpls;
    default:
      return peeling.done(Verdict::kNotIp);
  }
}

// A header of fixed length with an EtherType in it. What is below the smallest one is no IP.
inline Layer peel_typed(Peeling& peeling, std::size_t header, std::size_t type_offset) noexcept {
  if (!peeling.in.has(header)) return peeling.done(Verdict::kTruncated);
  peeling.type = load_be16(peeling.in.at + type_offset);
  peeling.in.at += header;
  return peeling.type < kSmallestEtherType ? peeling.done(Verdict::kNotIp) : ether_type_layer(peeling);
}

inline Layer peel_linux_sll(Peeling& peeling) noexcept {
  return peel_typed(peeling, 16, 14);
}

inline Layer peel_linux_sll2(Peeling& peeling) noexcept {
  return peel_typed(peeling, 20, 0);
}

inline Layer peel_cisco_hdlc(Peeling& peeling) noexcept {
  return peel_typed(peeling, 4, 2);
}

// The address family in the byte order of whoever captured. IPv6 has as many numbers as there are systems.
inline Layer peel_null(Peeling& peeling) noexcept {
  if (!peeling.in.has(4)) return peeling.done(Verdict::kTruncated);
  std::uint32_t family = load_be32(peeling.in.at);
  if (family > 0xFFFF) family = __builtin_bswap32(family);
  peeling.in.at += 4;
  switch (family) {
    case 2:
      return Layer::kIpv4;
    case 10:
    case 24:
    case 28:
    case 30:
      return Layer::kIpv6;
    default:
      return peeling.done(Verdict::kNotIp);
  }
}

// Attributes in the byte order of whoever captured, each padded to four octets; number 9 holds the packet.
inline Layer peel_nflog(Peeling& peeling) noexcept {
  constexpr std::uint16_t kPayload = 9;
  Cursor& in = peeling.in;
  if (!in.has(4)) return peeling.done(Verdict::kTruncated);
  if (in.at[1] != 0) return peeling.done(Verdict::kUnknownLink);  // version
  in.at += 4;
  while (in.has(4)) {
    std::uint16_t length = load_be16(in.at);
    std::uint16_t type = load_be16(in.at + 2);
    if ((type & 0x00FF) == 0 && (type >> 8) != 0) {  // No type is above 255: these are swapped.
      length = __builtin_bswap16(length);
      type = __builtin_bswap16(type);
    }
    if (length < 4) return peeling.done(Verdict::kBadHeader);
    if ((type & 0x7FFF) == kPayload) {
      in.at += 4;
      in.limit(length - 4u);
      return Layer::kIp;
    }
    const std::size_t padded = (std::size_t{length} + 3) & ~std::size_t{3};
    if (!in.has(padded)) return peeling.done(Verdict::kTruncated);
    in.at += padded;
  }
  return peeling.done(in.missing != 0 ? Verdict::kTruncated : Verdict::kNotIp);
}

}  // namespace wire
