// Tunnels over IP and UDP. Each takes its header and names the layer inside; a UDP payload that only happens
// to use a tunnel's port is plain UDP.
#pragma once

#include "wire/link_layer.h"

namespace wire {

// Versions 0 (RFC 2784, with the key and sequence of RFC 2890) and 1 (RFC 2637, which carries PPP).
inline Layer peel_gre(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  if (!in.has(4)) return peeling.done(Verdict::kTruncated);
  const std::uint16_t flags = load_be16(in.at);
  const std::uint16_t type = load_be16(in.at + 2);
  const unsigned version = flags & 0x7;
  const bool checksum = (flags & 0x8000) != 0;
  const bool routing = (flags & 0x4000) != 0;
  const bool key = (flags & 0x2000) != 0;
  const bool sequence = (flags & 0x1000) != 0;
  const bool acknowledgment = version == 1 && (flags & 0x0080) != 0;
  if (version > 1 || routing) return peeling.done(Verdict::kIpOther);
  const std::size_t header = 4u + 4u * checksum + 4u * key + 4u * sequence + 4u * acknowledgment;
  peeling.packet.tunnels |= kGre;
  peeling.type = type;
  if (!in.has(header)) return peeling.done(Verdict::kTruncated);
  in.at += header;
  if (type == 0x6558 && key && !checksum && !sequence)
    peeling.packet.tunnels |= kNvgre;  // RFC 7637 section 3.2
  if (type == 0x88BE) return sequence ? Layer::kErspan2 : peeling.through(kErspan, 0, Layer::kEthernet);
  if (type == 0x22EB) return Layer::kErspan3;
  if (type < kSmallestEtherType) return peeling.done(Verdict::kIpOther);
  return ether_type_layer(peeling);
}

inline Layer peel_erspan2(Peeling& peeling) noexcept {
  return peeling.through(kErspan, 8, Layer::kEthernet);
}

inline Layer peel_erspan3(Peeling& peeling) noexcept {
  constexpr std::size_t kHeader = 12;
  if (!peeling.in.has(kHeader)) return peeling.done(Verdict::kTruncated);
  const bool subheader = (peeling.in.at[11] & 0x01) != 0;
  const unsigned frame_type = (peeling.in.at[10] >> 2) & 0x1F;  // 0: Ethernet, 2: IP
  return peeling.through(kErspan, kHeader + 8u * subheader, frame_type == 2 ? Layer::kIp : Layer::kEthernet);
}

inline Layer peel_vxlan(Peeling& peeling) noexcept {
  const Cursor& in = peeling.in;
  if (!in.has(8) || (in.at[0] & 0x08) == 0) return peeling.done(Verdict::kUdpOther);  // no valid VNI
  return peeling.through(kVxlan, 8, Layer::kEthernet);
}

// The generic protocol extension (draft-ietf-nvo3-vxlan-gpe) names what is inside in its fourth octet.
inline Layer peel_vxlan_gpe(Peeling& peeling) noexcept {
  const Cursor& in = peeling.in;
  if (!in.has(8) || (in.at[0] & 0x08) == 0) return peeling.done(Verdict::kUdpOther);
  switch (in.at[3]) {
    case 1:
      return peeling.through(kVxlan, 8, Layer::kIpv4);
    case 2:
      return peeling.through(kVxlan, 8, Layer::kIpv6);
    case 3:
      return peeling.through(kVxlan, 8, Layer::kEthernet);
    default:
      return peeling.done(Verdict::kUdpOther);
  }
}

inline Layer peel_geneve(Peeling& peeling) noexcept {
  const Cursor& in = peeling.in;
  if (!in.has(8) || (in.at[0] >> 6) != 0) return peeling.done(Verdict::kUdpOther);  // version
  const std::size_t options = (in.at[0] & 0x3Fu) * 4u;
  peeling.type = load_be16(in.at + 2);
  if (peeling.type < kSmallestEtherType) return peeling.done(Verdict::kUdpOther);
  return peeling.through(kGeneve, 8 + options, Layer::kEtherType);
}

// 3GPP TS 29.281 section 5: a G-PDU carries IP, after optional fields and extension headers.
inline Layer peel_gtp_u(Peeling& peeling) noexcept {
  constexpr std::uint8_t kGpdu = 255;
  Cursor& in = peeling.in;
  if (!in.has(8) || (in.at[0] & 0xF0) != 0x30 || in.at[1] != kGpdu) return peeling.done(Verdict::kUdpOther);
  const bool optional = (in.at[0] & 0x07) != 0;
  const bool extended = (in.at[0] & 0x04) != 0;
  const std::size_t length = load_be16(in.at + 2);
  in.at += 8;
  in.limit(length);
  peeling.packet.tunnels |= kGtpU;
  if (!optional) return Layer::kIp;
  if (!in.has(4)) return peeling.done(Verdict::kTruncated);
  std::uint8_t next = extended ? in.at[3] : 0;
  in.at += 4;
  while (next != 0) {
    if (!in.has(1)) return peeling.done(Verdict::kTruncated);
    const std::size_t octets = in.at[0] * 4u;
    if (octets == 0) return peeling.done(Verdict::kBadHeader);
    if (!in.has(octets)) return peeling.done(Verdict::kTruncated);
    next = in.at[octets - 1];
    in.at += octets;
  }
  return Layer::kIp;
}

// Authentication and origin indications may stand before the IPv6 packet (RFC 4380 section 5.1.1).
inline Layer peel_teredo(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  if (in.has(4) && in.at[0] == 0 && in.at[1] == 1) {
    const std::size_t octets =
        4u + in.at[2] + in.at[3] + 9u;  // client id, authentication, nonce, confirmation
    if (!in.has(octets)) return peeling.done(Verdict::kUdpOther);
    in.at += octets;
  }
  if (in.has(8) && in.at[0] == 0 && in.at[1] == 0) in.at += 8;
  if (!in.has(1) || (in.at[0] >> 4) != 6) return peeling.done(Verdict::kUdpOther);
  return peeling.through(kTeredo, 0, Layer::kIpv6);
}

}  // namespace wire
