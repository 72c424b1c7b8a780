// Writes Ethernet frames that carry UDP or TCP over IPv4 or IPv6, lengths and checksums right.
#pragma once

#include <cstdint>
#include <span>

#include "dataplane/traffic/octet_writer.h"
#include "wire/address.h"

namespace dataplane::traffic {

struct Endpoint {
  wire::Address address;
  std::uint16_t port = 0;
};

// One direction of a conversation. Both addresses are of one family.
struct Flow {
  Endpoint source;
  Endpoint destination;
  std::uint16_t vlan = 0;  // 802.1Q identifier; 0: no tag
};

struct TcpHeader {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;
  std::span<const std::uint8_t> options = {};  // a multiple of four octets
};

// What UDP or TCP carries: `octets` on the wire, of which the first are `bytes` and all others zero.
struct Payload {
  std::span<const std::uint8_t> bytes = {};
  std::uint32_t octets = 0;
};

class FrameWriter {
 public:
  static constexpr std::uint32_t kMaxFrameOctets = 1600;

  // Each returns the frame as a capture keeps it, cut to `snap` octets; borrowed until the next call.
  // `wire_length()` then tells its whole length, at most kMaxFrameOctets.
  std::span<const std::uint8_t> udp(const Flow& flow, const Payload& payload, std::uint32_t snap);
  std::span<const std::uint8_t> tcp(const Flow& flow, const TcpHeader& header, const Payload& payload,
                                    std::uint32_t snap);

  std::uint32_t wire_length() const noexcept { return wire_length_; }

 private:
  void start(const Flow& flow, std::uint8_t protocol, std::uint32_t segment_octets);
  void ip_v4(const Flow& flow, std::uint8_t protocol, std::uint32_t segment_octets);
  void ip_v6(const Flow& flow, std::uint8_t protocol, std::uint32_t segment_octets);
  std::span<const std::uint8_t> finish(std::uint8_t protocol, std::uint32_t segment_at,
                                       std::uint32_t checksum_at, const Payload& payload, std::uint32_t snap);

  OctetWriter<kMaxFrameOctets> frame_;
  std::uint32_t addresses_at_ = 0;  // in the IP header; the checksum's pseudo-header repeats them
  std::uint32_t wire_length_ = 0;
};

}  // namespace dataplane::traffic
