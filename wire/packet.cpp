#include "wire/packet.h"

#include "wire/layer.h"
#include "wire/link_layer.h"
#include "wire/network_layer.h"
#include "wire/transport_layer.h"
#include "wire/tunnel_layer.h"

namespace wire {
namespace {

Layer peel(Layer layer, Peeling& peeling) noexcept {
  switch (layer) {
    case Layer::kEthernet:
      return peel_ethernet(peeling);
    case Layer::kEtherType:
      return ether_type_layer(peeling);
    case Layer::kLlc:
      return peel_llc(peeling);
    case Layer::kVlan:
      return peel_vlan(peeling);
    case Layer::kMpls:
      return peel_mpls(peeling);
    case Layer::kPppoe:
      return peel_pppoe(peeling);
    case Layer::kPpp:
      return peel_ppp(peeling);
    case Layer::kPppProtocol:
      return peel_ppp_protocol(peeling);
    case Layer::kLinuxSll:
      return peel_linux_sll(peeling);
    case Layer::kLinuxSll2:
      return peel_linux_sll2(peeling);
    case Layer::kNull:
      return peel_null(peeling);
    case Layer::kCiscoHdlc:
      return peel_cisco_hdlc(peeling);
    case Layer::kNflog:
      return peel_nflog(peeling);
    case Layer::kIp:
      return peel_ip(peeling);
    case Layer::kIpv4:
      return peel_ipv4(peeling);
    case Layer::kIpv6:
      return peel_ipv6(peeling);
    case Layer::kIpPayload:
      return peel_ip_payload(peeling);
    case Layer::kGre:
      return peel_gre(peeling);
    case Layer::kErspan2:
      return peel_erspan2(peeling);
    case Layer::kErspan3:
      return peel_erspan3(peeling);
    case Layer::kVxlan:
      return peel_vxlan(peeling);
    case Layer::kVxlanGpe:
      return peel_vxlan_gpe(peeling);
    case Layer::kGeneve:
      return peel_geneve(peeling);
    case Layer::kGtpU:
      return peel_gtp_u(peeling);
    case Layer::kTeredo:
      return peel_teredo(peeling);
    case Layer::kUdp:
      return peel_udp(peeling);
    case Layer::kTcp:
      return peel_tcp(peeling);
    case Layer::kDone:
      return Layer::kDone;
  }
  return Layer::kDone;
}

Verdict peel_all(Layer layer, Peeling& peeling) noexcept {
  while (layer != Layer::kDone) {
    if (++peeling.packet.depth > kMaxDepth) return Verdict::kTooDeep;
    layer = peel(layer, peeling);
  }
  return peeling.verdict;
}

// What most frames are, Ethernet with at most one tag, then IP, then TCP or UDP, in a straight line; all else
// goes on from where the line was left. Flattened, and with a Peeling that nothing else points to, so that
// the place in the frame stays in registers.
[[gnu::flatten]] inline Layer peel_common(Peeling& peeling) noexcept {
  Layer layer = peel_ethernet(peeling);
  if (layer == Layer::kVlan) layer = peel_vlan(peeling);
  if (layer == Layer::kIpv4) {
    layer = peel_ipv4(peeling);
  } else if (layer == Layer::kIpv6) {
    layer = peel_ipv6(peeling);
  }
  if (layer != Layer::kIpPayload) return layer;
  if (peeling.packet.protocol == kProtocolTcp) return peel_tcp(peeling);
  if (peeling.packet.protocol == kProtocolUdp) return peel_udp(peeling);
  return layer;
}

Layer first_layer(LinkType link, Peeling& peeling) noexcept {
  switch (link) {
    case LinkType::kEthernet:
      return Layer::kEthernet;
    case LinkType::kNull:
    case LinkType::kLoop:
      return Layer::kNull;
    case LinkType::kPpp:
    case LinkType::kPppSerial:
      return Layer::kPpp;
    case LinkType::kPppEthernet:
      return Layer::kPppoe;
    case LinkType::kPppPppd:
    case LinkType::kPppWithDirection:
      return first_of_ppp_with_direction(link, peeling);
    case LinkType::kRawBsd:
    case LinkType::kRawOpenBsd:
    case LinkType::kRaw:
      return Layer::kIp;
    case LinkType::kIpv4:
      return Layer::kIpv4;
    case LinkType::kIpv6:
      return Layer::kIpv6;
    case LinkType::kCiscoHdlc:
      return Layer::kCiscoHdlc;
    case LinkType::kLinuxSll:
      return Layer::kLinuxSll;
    case LinkType::kLinuxSll2:
      return Layer::kLinuxSll2;
    case LinkType::kNflog:
      return Layer::kNflog;
  }
  return peeling.done(Verdict::kUnknownLink);
}

}  // namespace

Verdict decode(const Frame& frame, Packet& packet) noexcept {
  packet.tunnels = 0;
  packet.depth = 0;
  packet.outer_ip = nullptr;
  const std::size_t missing = frame.wire_length > frame.length ? frame.wire_length - frame.length : 0;
  Peeling peeling{.in = {frame.bytes, frame.bytes + frame.length, missing}, .packet = packet};
  if (frame.link != LinkType::kEthernet) return peel_all(first_layer(frame.link, peeling), peeling);
  const Layer layer = peel_common(peeling);
  if (layer == Layer::kDone) [[likely]]
    return peeling.verdict;
  Peeling rest = peeling;
  return peel_all(layer, rest);
}

Verdict decode_datagram(std::span<const std::uint8_t> payload, std::size_t missing, Packet& packet) noexcept {
  Peeling peeling{.in = {payload.data(), payload.data() + payload.size(), missing}, .packet = packet};
  return peel_all(Layer::kIpPayload, peeling);
}

}  // namespace wire
