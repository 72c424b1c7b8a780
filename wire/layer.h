// The decoder goes from layer to layer: each reads its own header and names the next.
#pragma once

#include <cstdint>

#include "wire/cursor.h"
#include "wire/packet.h"

namespace wire {

enum class Layer : std::uint8_t {
  kEthernet,
  kEtherType,  // Peeling::type says what follows
  kLlc,        // IEEE 802.2, in an Ethernet frame with a length instead of a type
  kVlan,
  kMpls,
  kPppoe,
  kPpp,
  kPppProtocol,
  kLinuxSll,
  kLinuxSll2,
  kNull,
  kCiscoHdlc,
  kNflog,
  kIp,  // the version nibble decides
  kIpv4,
  kIpv6,
  kIpPayload,  // Packet::protocol says what follows
  kGre,
  kErspan2,
  kErspan3,
  kVxlan,
  kVxlanGpe,
  kGeneve,
  kGtpU,
  kTeredo,
  kUdp,
  kTcp,
  kDone,  // Peeling::verdict says how it ended
};

struct Peeling {
  Cursor in;
  Packet& packet;
  std::uint16_t type = 0;  // EtherType or PPP protocol of what follows
  std::uint8_t vlan_tags = 0;
  Verdict verdict = Verdict::kTruncated;

  Layer done(Verdict how) noexcept {
    verdict = how;
    return Layer::kDone;
  }
  // Takes a header off and goes on.
  Layer skip(std::size_t octets, Layer next) noexcept {
    if (!in.has(octets)) return done(Verdict::kTruncated);
    in.at += octets;
    return next;
  }
  Layer through(Tunnel tunnel, std::size_t octets, Layer next) noexcept {
    packet.tunnels |= tunnel;
    return skip(octets, next);
  }
};

inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86DD;

}  // namespace wire
