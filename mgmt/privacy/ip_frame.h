// An Ethernet frame with an IP packet in it, written layer by layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "mgmt/privacy/octet_writer.h"
#include "wire/packet.h"

namespace mgmt {

// That IP carries at most: IPv4's header counts too (RFC 791).
inline constexpr std::size_t kMostInIp = wire::kMaxDatagramOctets - 20;

// From and to MAC address 0; IPv4 (RFC 791) without options if both addresses are of that, else IPv6
// (RFC 8200) with no other extension header than a fragment's. Of the payload, which is written to `out`
// behind the headers, the end may be missing. Borrows `out`, which was empty.
class IpFrame {
 public:
  IpFrame(OctetWriter& out, const wire::Address& source, const wire::Address& destination,
          std::uint8_t protocol, const std::optional<wire::Fragment>& fragment);

  void begin_udp(std::uint16_t source_port, std::uint16_t destination_port);
  void begin_tcp(std::uint16_t source_port, std::uint16_t destination_port, std::uint32_t sequence,
                 std::uint8_t flags);

  // Octets that IP carries and that are written, the header of UDP or TCP included.
  std::size_t carried() const noexcept { return out_.size() - payload_; }

  // Lengths and checksums, with `missing` octets behind those written, which count as zeros. More than
  // kMostInIp are told as that many. Returns the frame's octets on the wire.
  std::uint32_t end(std::size_t missing);

 private:
  void write_v4(const std::optional<wire::Fragment>& fragment);
  void write_v6(const std::optional<wire::Fragment>& fragment);
  std::uint64_t pseudo_header_sum(std::size_t length) const;

  OctetWriter& out_;
  const wire::Address source_;
  const wire::Address destination_;
  const std::uint8_t protocol_;
  const bool v4_;
  std::size_t payload_ = 0;   // of IP; where it begins
  std::size_t checksum_ = 0;  // of UDP or TCP; 0: it is neither
};

}  // namespace mgmt
