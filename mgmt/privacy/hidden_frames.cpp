#include "mgmt/privacy/hidden_frames.h"

#include <algorithm>

#include "mgmt/privacy/hidden_dns_message.h"
#include "mgmt/privacy/ip_frame.h"

namespace mgmt {
namespace {

using wire::Verdict;

std::size_t payload_on_the_wire(const wire::Packet& packet) {
  return packet.payload.size() + packet.missing;
}

}  // namespace

std::optional<wire::Frame> HiddenFrames::of(const wire::Frame& clear) {
  wire::Packet packet;
  const Verdict verdict = wire::decode(clear, packet);
  if (packet.outer_ip == nullptr) return std::nullopt;
  packet.source = hiding_.address(packet.source);
  packet.destination = hiding_.address(packet.destination);
  out_.clear();
  const std::uint32_t wire_length = write(clear, packet, verdict);
  return wire::Frame{.bytes = out_.written().data(),
                     .length = static_cast<std::uint32_t>(out_.size()),
                     .wire_length = wire_length,
                     .time_ns = clear.time_ns,
                     .order = clear.order,
                     .link = wire::LinkType::kEthernet};
}

// Returns the octets on the wire.
std::uint32_t HiddenFrames::write(const wire::Frame& clear, const wire::Packet& packet, Verdict verdict) {
  switch (verdict) {
    case Verdict::kDns:
      return write_dns(packet);
    case Verdict::kDnsSegment:
    case Verdict::kSyn:
    case Verdict::kSynAck:
      return write_tcp(packet);
    case Verdict::kFragment:
      return IpFrame(out_, packet.source, packet.destination, packet.fragment.protocol, packet.fragment)
          .end(payload_on_the_wire(packet));
    default:
      // How long its innermost packet was is not known: as long as the frame.
      return IpFrame(out_, packet.source, packet.destination, packet.protocol, std::nullopt)
          .end(std::max(clear.wire_length, clear.length));
  }
}

std::uint32_t HiddenFrames::write_dns(const wire::Packet& packet) {
  IpFrame frame(out_, packet.source, packet.destination, wire::kProtocolUdp, std::nullopt);
  frame.begin_udp(packet.source_port, packet.destination_port);
  const bool whole = !packet.cut && packet.payload.size() <= wire::kMaxDnsMessageOctets;
  if (!whole || parser_.parse(packet.payload).fault != wire::DnsFault::kNone)
    return frame.end(payload_on_the_wire(packet));
  const std::size_t most = kMostInIp - frame.carried() - 1;  // what does not fit is seen to be cut off
  const bool all = write_hidden_message(packet.payload, most, hiding_, out_);
  return frame.end(all ? 0 : kMostInIp);
}

std::uint32_t HiddenFrames::write_tcp(const wire::Packet& packet) {
  IpFrame frame(out_, packet.source, packet.destination, wire::kProtocolTcp, std::nullopt);
  frame.begin_tcp(packet.source_port, packet.destination_port, packet.tcp_sequence, packet.tcp_flags);
  return frame.end(payload_on_the_wire(packet));
}

}  // namespace mgmt
