// What became of a frame: each ends in exactly one of these, and each is counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wire {

enum class Verdict : std::uint8_t {
  kDns,              // at least one whole DNS message, and nothing wrong with any
  kDnsMalformed,     // a DNS message whose header is whole and whose rest breaks RFC 1035
  kDnsCut,           // a DNS message that the capture's snap length cut
  kDnsShort,         // port 53, but fewer than the 12 octets of a DNS header
  kDnsSegment,       // TCP on port 53 that completes no message: part of one, or none
  kSyn,              // TCP, SYN without ACK
  kSynAck,           // TCP, SYN and ACK
  kQuicInitial,      // QUIC long header, type Initial (RFC 9000, RFC 9369)
  kTcpOther,         // TCP that says nothing to us
  kUdpOther,         // UDP that says nothing to us
  kIcmp,             // ICMP or ICMPv6; a packet quoted inside is not traffic
  kIpOther,          // another protocol over IP
  kNotIp,            // ARP, LLDP, spanning tree ...
  kFragment,         // a part of a datagram, kept until the rest comes
  kFragmentOverlap,  // overlaps another part: the datagram is dropped (RFC 5722)
  kFragmentBad,      // a part that cannot be placed: too long, or of no whole multiple of 8 octets
  kDuplicate,        // a second copy of a frame within the deduplication window
  kUnknownLink,      // a link type that we cannot read
  kTruncated,        // ends inside a header
  kBadHeader,        // a header whose fields contradict each other
  kTooDeep,          // more encapsulation than we follow
  kCount
};

inline constexpr std::size_t kVerdicts = static_cast<std::size_t>(Verdict::kCount);

inline constexpr std::array<std::string_view, kVerdicts> kVerdictNames = {
    "dns",       "dns_malformed", "dns_cut",          "dns_short",    "dns_segment", "syn",
    "syn_ack",   "quic_initial",  "tcp_other",        "udp_other",    "icmp",        "ip_other",
    "not_ip",    "fragment",      "fragment_overlap", "fragment_bad", "duplicate",   "unknown_link",
    "truncated", "bad_header",    "too_deep"};

constexpr std::string_view name_of(Verdict verdict) noexcept {
  return kVerdictNames[static_cast<std::size_t>(verdict)];
}

}  // namespace wire
