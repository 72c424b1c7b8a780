// A glance octet by octet, on any x86-64.
#pragma once

#include <cstdint>
#include <cstring>

#include <emmintrin.h>

#include "wire/layer.h"
#include "wire/network_layer.h"
#include "wire/transport_layer.h"

namespace wire {

// Of TCP and UDP that say nothing to us, the verdict that decode() would give; all else has to be decoded.
enum class Glance : std::uint8_t {
  kLookCloser = 0,
  kTcpOther = 1,
  kUdpOther = 2
};

inline constexpr std::size_t kShortestGlance = 14 + kIpv4Header + kTcpFlagsEnd;

// True if a port is that of DNS or a tunnel, or 0. `ports` are both, as on the wire.
inline bool has_spoken_port(const std::uint8_t* ports) noexcept {
  constexpr auto on_wire = [](std::uint16_t port) { return static_cast<short>(__builtin_bswap16(port)); };
  const __m128i spoken = _mm_setr_epi16(on_wire(kDnsPort), on_wire(kVxlanPort), on_wire(kVxlanGpePort),
                                        on_wire(kGenevePort), on_wire(kGtpUPort), on_wire(kTeredoPort), 0, 0);
  short source = 0;
  short destination = 0;
  std::memcpy(&source, ports, sizeof source);
  std::memcpy(&destination, ports + 2, sizeof destination);
  const __m128i met = _mm_or_si128(_mm_cmpeq_epi16(spoken, _mm_set1_epi16(source)),
                                   _mm_cmpeq_epi16(spoken, _mm_set1_epi16(destination)));
  return _mm_movemask_epi8(met) != 0;
}

// TCP and no SYN.
inline bool is_plain_tcp(std::uint8_t protocol, const std::uint8_t* header) noexcept {
  return (protocol == kProtocolTcp) & ((header[13] & kSynFlag) == 0) & (header[12] >= kTcpHeader / 4 << 4);
}

// UDP and no QUIC with a long header, as an Initial packet has it.
inline bool is_plain_udp(std::uint8_t protocol, const std::uint8_t* header) noexcept {
  return (protocol == kProtocolUdp) & (header[kUdpHeader] < 0xC0) & (load_be16(header + 4) >= kUdpHeader);
}

// What depends on tag and family is computed; branches are those that nearly always go one way.
inline Glance octet_glance(const Frame& frame) noexcept {
  if (frame.length < kShortestGlance || frame.link != LinkType::kEthernet) [[unlikely]]
    return Glance::kLookCloser;
  const std::size_t tagged = load_be16(frame.bytes + 12) == 0x8100;
  const std::uint8_t* const ip = frame.bytes + 14 + 4 * tagged;
  const std::uint32_t type_and_version = load_be32(ip - 2) >> 8;
  const std::size_t v4 = (type_and_version == 0x080045) & ((load_be16(ip + 6) & 0x3FFF) == 0);
  const std::size_t v6 = (type_and_version & 0xFFFFF0) == 0x86DD60;
  const std::size_t before = 14 + 4 * tagged + kIpv4Header + (kIpv6Header - kIpv4Header) * v6;
  if (before + kTcpFlagsEnd > frame.length) [[unlikely]]
    return Glance::kLookCloser;
  const std::uint8_t* const header = frame.bytes + before;
  const std::uint8_t protocol = ip[9 - 3 * v6];
  const std::size_t length = load_be16(ip + 2 + 2 * v6);  // IPv4's is with its header
  const bool plain = ((v4 | v6) != 0) & (length >= kTcpHeader + kIpv4Header * v4) & !has_spoken_port(header);
  const unsigned tcp = plain & is_plain_tcp(protocol, header);
  const unsigned udp = plain & is_plain_udp(protocol, header);
  return static_cast<Glance>(tcp | udp << 1);
}

}  // namespace wire
