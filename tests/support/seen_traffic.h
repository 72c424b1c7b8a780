// A capture as a list of what a detector might count, read with the program's own decoder.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "dataplane/capture_reader.h"
#include "wire/dns_message.h"
#include "wire/packet.h"

namespace tests {

struct Seen {
  std::int64_t time_ns = 0;  // since 1970
  wire::Verdict verdict = wire::Verdict::kDns;
  wire::Address source;
  wire::Address destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  // Of DNS over UDP:
  bool response = false;
  std::uint16_t qtype = 0;
  std::uint16_t rcode = 0;
  wire::DnsFault fault = wire::DnsFault::kNone;
  std::string name;
  std::vector<wire::Address> addresses;

  bool query_to(const wire::Address& server) const { return is_query() && destination == server; }
  bool response_from(const wire::Address& server) const { return is_response() && source == server; }
  bool is_query() const { return verdict == wire::Verdict::kDns && !response; }
  bool is_response() const { return verdict == wire::Verdict::kDns && response; }
  bool is_syn_to(std::uint16_t port) const {
    return verdict == wire::Verdict::kSyn && destination_port == port;
  }
};

inline void read_dns(const wire::Packet& packet, wire::DnsParser& parser, Seen& seen) {
  const wire::DnsMessage& message = parser.parse(packet.payload);
  seen.response = message.response;
  seen.qtype = message.qtype;
  seen.rcode = message.rcode;
  seen.fault = message.fault;
  seen.name = wire::to_text(message.qname.wire());
  for (const wire::DnsRecord& record : message.answers) {
    const auto type = static_cast<wire::DnsType>(record.type);
    if (type == wire::DnsType::kA || type == wire::DnsType::kAaaa)
      seen.addresses.push_back(address_of(packet.payload, record));
  }
}

inline std::vector<Seen> seen_in(const std::string& path) {
  dataplane::CaptureReader reader({path});
  const auto parser = std::make_unique<wire::DnsParser>();
  std::vector<Seen> traffic;
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    for (const wire::Frame& frame : burst) {
      wire::Packet packet;
      Seen& seen = traffic.emplace_back();
      seen.verdict = wire::decode(frame, packet);
      seen.time_ns = frame.time_ns;
      seen.source = packet.source;
      seen.destination = packet.destination;
      seen.source_port = packet.source_port;
      seen.destination_port = packet.destination_port;
      if (seen.verdict == wire::Verdict::kDns) read_dns(packet, *parser, seen);
    }
  }
  return traffic;
}

}  // namespace tests
