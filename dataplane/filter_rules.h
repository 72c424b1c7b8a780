// What a NIC may drop, and what it must let through: DNS, connection attempts, and tunnels that may hide
// either.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "wire/packet.h"

namespace dataplane {

// Let through if it is the port of either end. Everything else of UDP and TCP is dropped, but for TCP with
// SYN; what is neither UDP nor TCP is left alone.
inline constexpr std::array<std::uint16_t, 7> kPassedUdpPorts = {
    wire::kDnsPort,
    443,  // QUIC
    wire::kVxlanPort,
    wire::kVxlanGpePort,
    wire::kGenevePort,
    wire::kGtpUPort,
    wire::kTeredoPort,
};
inline constexpr std::array<std::uint16_t, 1> kPassedTcpPorts = {wire::kDnsPort};

// What a NIC with these rules does with the frame that `packet` was read from.
inline bool lets_through(const wire::Packet& packet) noexcept {
  const auto either_end = [&packet](const auto& ports) {
    return std::ranges::count(ports, packet.source_port) +
               std::ranges::count(ports, packet.destination_port) >
           0;
  };
  // A NIC finds no ports in a fragment.
  if (packet.fragment.more || packet.fragment.offset != 0) return true;
  // The outer header is of a tunnel's port, or not UDP.
  if ((packet.tunnels & wire::kIpTunnels) != 0) return true;
  if (packet.protocol == wire::kProtocolUdp) return either_end(kPassedUdpPorts);
  if (packet.protocol != wire::kProtocolTcp) return true;
  return (packet.tcp_flags & wire::kSynFlag) != 0 || either_end(kPassedTcpPorts);
}

}  // namespace dataplane
