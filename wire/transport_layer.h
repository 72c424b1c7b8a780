// UDP (RFC 768) and TCP (RFC 9293), where the story of a frame ends or a tunnel begins.
#pragma once

#include "wire/layer.h"
#include "wire/quic.h"

namespace wire {

inline constexpr std::size_t kUdpHeader = 8;
inline constexpr std::size_t kTcpHeader = 20;
inline constexpr std::size_t kTcpFlagsEnd = 14;  // what must be there to know a SYN

inline bool is_dns(const Packet& packet) noexcept {
  return packet.source_port == kDnsPort || packet.destination_port == kDnsPort;
}

inline void keep_payload(Peeling& peeling) noexcept {
  peeling.packet.payload = {peeling.in.at, peeling.in.size()};
  peeling.packet.cut = peeling.in.missing != 0;
  peeling.packet.missing = static_cast<std::uint32_t>(peeling.in.missing);
}

inline Layer tunnel_of_port(std::uint16_t port) noexcept {
  switch (port) {
    case kVxlanPort:
      return Layer::kVxlan;
    case kVxlanGpePort:
      return Layer::kVxlanGpe;
    case kGenevePort:
      return Layer::kGeneve;
    case kGtpUPort:
      return Layer::kGtpU;
    case kTeredoPort:
      return Layer::kTeredo;
    default:
      return Layer::kDone;
  }
}

// What a datagram may carry: the destination's port says so, or that of a tunnel end that answers from its
// own.
inline Layer udp_tunnel(std::uint16_t source, std::uint16_t destination) noexcept {
  const Layer tunnel = tunnel_of_port(destination);
  return tunnel != Layer::kDone ? tunnel : tunnel_of_port(source);
}

inline Layer peel_udp(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  Packet& packet = peeling.packet;
  if (!in.has(kUdpHeader)) return peeling.done(Verdict::kTruncated);
  packet.source_port = load_be16(in.at);
  packet.destination_port = load_be16(in.at + 2);
  const std::size_t length = load_be16(in.at + 4);
  in.at += kUdpHeader;
  if (length != 0) {  // 0: a jumbogram (RFC 2675)
    if (length < kUdpHeader) return peeling.done(Verdict::kBadHeader);
    in.limit(length - kUdpHeader);
  }
  if (is_dns(packet)) {
    keep_payload(peeling);
    return peeling.done(Verdict::kDns);
  }
  const Layer tunnel = udp_tunnel(packet.source_port, packet.destination_port);
  if (tunnel != Layer::kDone) return tunnel;
  if (is_quic_initial(in)) return peeling.done(Verdict::kQuicInitial);
  return peeling.done(Verdict::kUdpOther);
}

inline Layer peel_tcp(Peeling& peeling) noexcept {
  Cursor& in = peeling.in;
  Packet& packet = peeling.packet;
  if (!in.has(kTcpFlagsEnd)) return peeling.done(Verdict::kTruncated);
  packet.source_port = load_be16(in.at);
  packet.destination_port = load_be16(in.at + 2);
  packet.tcp_sequence = load_be32(in.at + 4);
  packet.tcp_flags = in.at[13];
  const std::size_t header = (in.at[12] >> 4) * 4u;
  if (header < kTcpHeader) return peeling.done(Verdict::kBadHeader);

  const bool syn = (packet.tcp_flags & kSynFlag) != 0;
  if (!syn && !is_dns(packet)) return peeling.done(Verdict::kTcpOther);
  in.at += header < in.size() ? header : in.size();
  keep_payload(peeling);
  if (!syn) return peeling.done(Verdict::kDnsSegment);
  return peeling.done((packet.tcp_flags & kAck) != 0 ? Verdict::kSynAck : Verdict::kSyn);
}

}  // namespace wire
