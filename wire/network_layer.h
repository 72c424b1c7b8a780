// IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200).
#pragma once

#include "wire/layer.h"

namespace wire {

inline constexpr std::size_t kIpv4Header = 20;
inline constexpr std::size_t kIpv6Header = 40;

inline Layer peel_ip(Peeling& peeling) noexcept {
  if (!peeling.in.has(1)) return peeling.done(Verdict::kTruncated);
  switch (peeling.in.at[0] >> 4) {
    case 4:
      return Layer::kIpv4;
    case 6:
      return Layer::kIpv6;
    default:
      return peeling.done(Verdict::kNotIp);
  }
}

inline Layer stop_at_fragment(Peeling& peeling, std::uint32_t id, std::uint32_t offset, bool more) noexcept {
  Packet& packet = peeling.packet;
  packet.fragment = {.id = id, .offset = offset, .more = more, .protocol = packet.protocol};
  packet.payload = {peeling.in.at, peeling.in.size()};
  packet.cut = peeling.in.missing != 0;
  packet.missing = static_cast<std::uint32_t>(peeling.in.missing);
  return peeling.done(Verdict::kFragment);
}

inline Layer peel_ipv4(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  if (!in.has(kIpv4Header)) return peeling.done(Verdict::kTruncated);
  const std::uint8_t* header = in.at;
  const std::size_t header_octets = (header[0] & 0x0Fu) * 4u;
  if ((header[0] >> 4) != 4 || header_octets < kIpv4Header) return peeling.done(Verdict::kBadHeader);
  const std::size_t total = load_be16(header + 2);
  // Total length 0 is what a capture on the sending host sees before the NIC segments (TSO): take all there
  // is.
  if (total != 0 && total < header_octets) return peeling.done(Verdict::kBadHeader);
  if (!in.has(header_octets)) return peeling.done(Verdict::kTruncated);
  if (total != 0) in.limit(total);
  if (!in.has(header_octets)) return peeling.done(Verdict::kTruncated);

  Packet& packet = peeling.packet;
  if (packet.outer_ip == nullptr) packet.outer_ip = header;
  packet.source = Address::v4(header + 12);
  packet.destination = Address::v4(header + 16);
  packet.protocol = header[9];
  in.at += header_octets;
  const std::uint16_t place = load_be16(header + 6);
  if ((place & 0x3FFF) != 0) {
    return stop_at_fragment(peeling, load_be16(header + 4), (place & 0x1FFFu) * 8u, (place & 0x2000) != 0);
  }
  return Layer::kIpPayload;
}

inline Layer peel_ipv6(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  if (!in.has(kIpv6Header)) return peeling.done(Verdict::kTruncated);
  const std::uint8_t* header = in.at;
  if ((header[0] >> 4) != 6) return peeling.done(Verdict::kBadHeader);
  const std::size_t payload = load_be16(header + 4);
  in.at += kIpv6Header;
  if (payload != 0) in.limit(payload);  // 0: a jumbogram (RFC 2675) or segmentation offload

  Packet& packet = peeling.packet;
  if (packet.outer_ip == nullptr) packet.outer_ip = header;
  packet.source = Address::v6(header + 8);
  packet.destination = Address::v6(header + 24);
  packet.protocol = header[6];
  return Layer::kIpPayload;
}

// Hop-by-hop, routing, destination options, mobility, HIP, shim6: length in 8 octets after the first 8.
inline Layer peel_ipv6_option(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  if (!in.has(2)) return peeling.done(Verdict::kTruncated);
  peeling.packet.protocol = in.at[0];
  return peeling.skip((in.at[1] + 1u) * 8u, Layer::kIpPayload);
}

// Authentication header (RFC 4302): length in 4 octets, less 2.
inline Layer peel_authentication(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  if (!in.has(2)) return peeling.done(Verdict::kTruncated);
  peeling.packet.protocol = in.at[0];
  return peeling.skip((in.at[1] + 2u) * 4u, Layer::kIpPayload);
}

inline Layer peel_ipv6_fragment(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  if (!in.has(8)) return peeling.done(Verdict::kTruncated);
  peeling.packet.protocol = in.at[0];
  const std::uint16_t place = load_be16(in.at + 2);
  const std::uint32_t id = load_be32(in.at + 4);
  in.at += 8;
  if ((place & 0xFFF9) == 0) return Layer::kIpPayload;  // An atomic fragment is whole (RFC 6946).
  return stop_at_fragment(peeling, id, place & 0xFFF8u, (place & 1) != 0);
}

inline Layer peel_ip_payload(Peeling& peeling) noexcept {
  switch (peeling.packet.protocol) {
    case kProtocolTcp:
      return Layer::kTcp;
    case kProtocolUdp:
      return Layer::kUdp;
    case 1:
    case 58:
      return peeling.done(Verdict::kIcmp);
    case 4:
      peeling.packet.tunnels |= kIpInIp;
      return Layer::kIpv4;
    case 41:
      peeling.packet.tunnels |= peeling.packet.source.is_v4() ? kSixIn4 : kIpInIp;
      return Layer::kIpv6;
    case 47:
      return Layer::kGre;
    case 137:
      return Layer::kMpls;  // RFC 4023
    case 0:
    case 43:
    case 60:
    case 135:
    case 139:
    case 140:
      return peel_ipv6_option(peeling);
    case 44:
      return peel_ipv6_fragment(peeling);
    case 51:
      return peel_authentication(peeling);
    default:
      return peeling.done(Verdict::kIpOther);
  }
}

}  // namespace wire
