// Which frames of a file any worker may take.
#pragma once

#include "wire/network_layer.h"
#include "wire/transport_layer.h"

namespace dataplane {

// True only for plain Ethernet, at most one VLAN tag, IP without options or fragments, and then a TCP segment
// off port 53 or a UDP datagram that is no tunnel: what these mean depends on no other frame. All else goes
// to one worker, whose reassembly so sees it in order.
inline bool stands_alone(const wire::Frame& frame) noexcept {
  constexpr std::size_t kEnough = 14 + 4 + wire::kIpv6Header + 4;  // link, VLAN, IP, ports
  if (frame.link != wire::LinkType::kEthernet || frame.length < kEnough) return false;
  const std::uint8_t* type = frame.bytes + 12;
  if (wire::load_be16(type) == 0x8100) type += 4;
  const std::uint8_t* ip = type + 2;
  std::uint8_t protocol;
  const std::uint8_t* ports;
  if (wire::load_be16(type) == wire::kEtherTypeIpv4 && ip[0] == 0x45 &&
      (wire::load_be16(ip + 6) & 0x3FFF) == 0) {
    protocol = ip[9];
    ports = ip + wire::kIpv4Header;
  } else if (wire::load_be16(type) == wire::kEtherTypeIpv6) {
    protocol = ip[6];
    ports = ip + wire::kIpv6Header;
  } else {
    return false;
  }
  const std::uint16_t source = wire::load_be16(ports);
  const std::uint16_t destination = wire::load_be16(ports + 2);
  const bool dns = source == wire::kDnsPort || destination == wire::kDnsPort;
  if (protocol == wire::kProtocolTcp) return !dns;
  if (protocol != wire::kProtocolUdp) return false;
  return dns || wire::udp_tunnel(source, destination) == wire::Layer::kDone;
}

}  // namespace dataplane
