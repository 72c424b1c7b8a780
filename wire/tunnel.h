// The encapsulations that a frame's innermost flow came through.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wire {

enum Tunnel : std::uint16_t {
  kVlan = 1 << 0,     // 802.1Q, 802.1ad
  kMpls = 1 << 1,     // RFC 3032
  kPppoe = 1 << 2,    // RFC 2516
  kPpp = 1 << 3,      // RFC 1661, as a link layer or in GRE version 1 (RFC 2637)
  kIpInIp = 1 << 4,   // RFC 2003, RFC 2473: IPv4 in IPv4, IPv4 in IPv6, IPv6 in IPv6
  kSixIn4 = 1 << 5,   // RFC 4213
  kGre = 1 << 6,      // RFC 2784, RFC 2890
  kNvgre = 1 << 7,    // RFC 7637
  kErspan = 1 << 8,   // types I, II and III
  kVxlan = 1 << 9,    // RFC 7348
  kGeneve = 1 << 10,  // RFC 8926
  kGtpU = 1 << 11,    // 3GPP TS 29.281
  kTeredo = 1 << 12,  // RFC 4380
};
using TunnelSet = std::uint16_t;

inline constexpr std::array<std::string_view, 13> kTunnelNames = {
    "vlan",  "mpls",   "pppoe", "ppp",    "ipip",  "6in4",  "gre",
    "nvgre", "erspan", "vxlan", "geneve", "gtp_u", "teredo"};

// UDP ports by which tunnels are known (IANA's registry).
inline constexpr std::uint16_t kVxlanPort = 4789;
inline constexpr std::uint16_t kVxlanGpePort = 4790;
inline constexpr std::uint16_t kGenevePort = 6081;
inline constexpr std::uint16_t kGtpUPort = 2152;
inline constexpr std::uint16_t kTeredoPort = 3544;

// Those that put a second IP header into the frame, and those that stay below IP.
inline constexpr TunnelSet kIpTunnels =
    kIpInIp | kSixIn4 | kGre | kNvgre | kErspan | kVxlan | kGeneve | kGtpU | kTeredo;
inline constexpr TunnelSet kLinkTunnels = kVlan | kMpls | kPppoe;

}  // namespace wire
