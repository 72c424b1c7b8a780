// Frames with other hosts in them: what a spool keeps that must not tell who it was.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "mgmt/privacy/hiding.h"
#include "mgmt/privacy/octet_writer.h"
#include "wire/dns_message.h"
#include "wire/frame.h"
#include "wire/packet.h"

namespace mgmt {

// Each is built anew of what wire::decode() finds, so that nothing is in it that was not understood: Ethernet
// without tags and tunnels, IP with hidden addresses, and
//   kDns                UDP, and the hidden message if it is all there and sound
//   kDnsSegment, SYNs   TCP with ports, sequence number and flags
//   kFragment           its place in the datagram
// Of all else there is the IP header. What is left out, payload above all, is cut off as by a snap length:
// the lengths in the headers are with it. One thread.
class HiddenFrames {
 public:
  explicit HiddenFrames(Hiding hiding) : hiding_(std::move(hiding)) {}

  // Of at most 65,569 octets, which are borrowed and live until the next call. None if it has no IP header.
  std::optional<wire::Frame> of(const wire::Frame& clear);

  const std::string& key_mark() const noexcept { return hiding_.key_mark(); }

 private:
  std::uint32_t write(const wire::Frame& clear, const wire::Packet& packet, wire::Verdict verdict);
  std::uint32_t write_dns(const wire::Packet& packet);
  std::uint32_t write_tcp(const wire::Packet& packet);

  Hiding hiding_;
  wire::DnsParser parser_;
  OctetWriter out_;
};

}  // namespace mgmt
