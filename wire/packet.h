// From a frame to its innermost flow.
#pragma once

#include <cstdint>
#include <span>

#include "wire/address.h"
#include "wire/frame.h"
#include "wire/tunnel.h"
#include "wire/verdict.h"

namespace wire {

inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;
inline constexpr std::uint16_t kDnsPort = 53;
inline constexpr std::size_t kMaxDatagramOctets = 65535;  // RFC 791

enum TcpFlag : std::uint8_t {
  kFin = 0x01,
  kSynFlag = 0x02,
  kRst = 0x04,
  kPsh = 0x08,
  kAck = 0x10
};

// The headers of an IP fragment that matter for putting it together (RFC 791, RFC 8200 section 4.5).
struct Fragment {
  std::uint32_t id = 0;
  std::uint32_t offset = 0;   // octets from the start of the datagram's payload
  bool more = false;          // more fragments follow
  std::uint8_t protocol = 0;  // of the payload; for IPv6, of the first fragment's next header
};

// Views into the frame: it lives as long as the frame does. Innermost headers win.
struct Packet {
  Address source;
  Address destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t tcp_sequence = 0;
  std::uint8_t tcp_flags = 0;
  std::uint8_t protocol = 0;  // IP protocol number of the innermost header
  bool cut = false;           // the capture's snap length took a part of `payload` away
  TunnelSet tunnels = 0;
  std::uint8_t depth = 0;                  // headers peeled so far, bounded by kMaxDepth
  const std::uint8_t* outer_ip = nullptr;  // the outermost IP header in the frame
  std::span<const std::uint8_t> payload;   // of UDP or TCP; of the fragment, if the verdict is kFragment
  Fragment fragment;                       // meaningful if the verdict is kFragment
  std::uint32_t missing = 0;               // octets of `payload` that are not there, if it is cut
};

// Encapsulation headers followed in one frame, counting across reassembly.
inline constexpr std::uint8_t kMaxDepth = 32;

// Peels `frame` down to its innermost TCP or UDP header. Never reads beyond frame.length. The answer is
//   kDns          UDP with a port 53: `payload` is what UDP carries (may be shorter than a DNS header)
//   kDnsSegment   TCP with a port 53, neither SYN: `payload` is the segment's data (may be empty)
//   kSyn, kSynAck, kQuicInitial
//   kFragment     a part of an IP datagram: reassemble, then decode_datagram()
// or the final verdict of a frame that says nothing to us.
Verdict decode(const Frame& frame, Packet& packet) noexcept;

// Goes on where a fragment stopped: `payload` is the datagram's, `packet` as the fragment's decode left it.
// `missing` octets of the datagram are not there, if only its first fragment is. `payload` must outlive
// `packet`.
Verdict decode_datagram(std::span<const std::uint8_t> payload, std::size_t missing, Packet& packet) noexcept;

}  // namespace wire
