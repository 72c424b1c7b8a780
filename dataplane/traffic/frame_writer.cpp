#include "dataplane/traffic/frame_writer.h"

#include <algorithm>

#include "wire/packet.h"

namespace dataplane::traffic {
namespace {

constexpr std::uint16_t kEtherTypeVlan = 0x8100;
constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::uint16_t kEtherTypeIpv6 = 0x86DD;
constexpr std::uint32_t kIpv4HeaderOctets = 20;
constexpr std::uint32_t kUdpHeaderOctets = 8;
constexpr std::uint32_t kTcpHeaderOctets = 20;
constexpr std::uint32_t kMinFrameOctets = 60;  // IEEE 802.3, without the frame check sequence

// The sum of RFC 1071, not yet folded.
std::uint64_t sum_of_words(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 0;
  std::size_t at = 0;
  for (; at + 1 < bytes.size(); at += 2) sum += static_cast<std::uint32_t>(bytes[at] << 8 | bytes[at + 1]);
  if (at < bytes.size()) sum += static_cast<std::uint32_t>(bytes[at] << 8);
  return sum;
}

std::uint16_t fold(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

std::span<const std::uint8_t> FrameWriter::udp(const Flow& flow, const Payload& payload, std::uint32_t snap) {
  start(flow, wire::kProtocolUdp, kUdpHeaderOctets + payload.octets);
  const std::uint32_t segment_at = frame_.size();
  frame_.u16(flow.source.port);
  frame_.u16(flow.destination.port);
  frame_.u16(kUdpHeaderOctets + payload.octets);
  frame_.u16(0);
  return finish(wire::kProtocolUdp, segment_at, segment_at + 6, payload, snap);
}

std::span<const std::uint8_t> FrameWriter::tcp(const Flow& flow, const TcpHeader& header,
                                               const Payload& payload, std::uint32_t snap) {
  const auto header_octets = kTcpHeaderOctets + static_cast<std::uint32_t>(header.options.size());
  start(flow, wire::kProtocolTcp, header_octets + payload.octets);
  const std::uint32_t segment_at = frame_.size();
  frame_.u16(flow.source.port);
  frame_.u16(flow.destination.port);
  frame_.u32(header.sequence);
  frame_.u32(header.acknowledgement);
  frame_.u8(static_cast<std::uint8_t>(header_octets / 4 << 4));
  frame_.u8(header.flags);
  frame_.u16(64240);  // Window.
  frame_.u16(0);
  frame_.u16(0);
  frame_.octets(header.options);
  return finish(wire::kProtocolTcp, segment_at, segment_at + 16, payload, snap);
}

void FrameWriter::start(const Flow& flow, std::uint8_t protocol, std::uint32_t segment_octets) {
  frame_.clear();
  for (const Endpoint* end : {&flow.destination, &flow.source}) {
    frame_.u16(0x0200);  // Locally administered; the rest from the address.
    frame_.u32(__builtin_bswap32(static_cast<std::uint32_t>(end->address.low >> 32)));
  }
  if (flow.vlan != 0) {
    frame_.u16(kEtherTypeVlan);
    frame_.u16(flow.vlan);
  }
  if (flow.source.address.is_v4()) {
    ip_v4(flow, protocol, segment_octets);
  } else {
    ip_v6(flow, protocol, segment_octets);
  }
}

void FrameWriter::ip_v4(const Flow& flow, std::uint8_t protocol, std::uint32_t segment_octets) {
  frame_.u16(kEtherTypeIpv4);
  const std::uint32_t header_at = frame_.size();
  frame_.u16(0x4500);
  frame_.u16(kIpv4HeaderOctets + segment_octets);
  frame_.u16(0);       // Identification: means nothing in a datagram that is never fragmented (RFC 6864).
  frame_.u16(0x4000);  // Don't fragment.
  frame_.u8(61);
  frame_.u8(protocol);
  frame_.u16(0);
  addresses_at_ = frame_.size();
  frame_.address(flow.source.address);
  frame_.address(flow.destination.address);
  frame_.overwrite_u16(header_at + 10, fold(sum_of_words(frame_.written_from(header_at))));
}

void FrameWriter::ip_v6(const Flow& flow, std::uint8_t protocol, std::uint32_t segment_octets) {
  frame_.u16(kEtherTypeIpv6);
  frame_.u32(0x60000000);
  frame_.u16(segment_octets);
  frame_.u8(protocol);
  frame_.u8(61);
  addresses_at_ = frame_.size();
  frame_.address(flow.source.address);
  frame_.address(flow.destination.address);
}

// Octets of the payload that are not written are zero and leave the checksum as it is.
std::span<const std::uint8_t> FrameWriter::finish(std::uint8_t protocol, std::uint32_t segment_at,
                                                  std::uint32_t checksum_at, const Payload& payload,
                                                  std::uint32_t snap) {
  const std::uint32_t segment_octets = frame_.size() - segment_at + payload.octets;
  frame_.octets(payload.bytes.first(std::min<std::size_t>(payload.bytes.size(), payload.octets)));
  const auto addresses = frame_.written_from(addresses_at_).first(segment_at - addresses_at_);
  const std::uint64_t sum =
      sum_of_words(addresses) + protocol + segment_octets + sum_of_words(frame_.written_from(segment_at));
  const std::uint16_t checksum = fold(sum);
  // A zero would say that there is no checksum (RFC 768).
  frame_.overwrite_u16(checksum_at, checksum == 0 && protocol == wire::kProtocolUdp ? 0xFFFF : checksum);
  wire_length_ = std::max(segment_at + segment_octets, kMinFrameOctets);
  frame_.zeros_up_to(wire_length_);
  return frame_.written().first(std::min(wire_length_, snap));
}

}  // namespace dataplane::traffic
