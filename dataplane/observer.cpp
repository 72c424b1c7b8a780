#include "dataplane/observer.h"

namespace dataplane {

using wire::Verdict;

Observer::Observer(Outlet& outlet, Ledger& ledger, const ObserverSettings& settings, std::size_t worker)
    : ledger_(ledger),
      matching_(worker),
      events_(outlet, ledger, matching_),
      duplicates_(ledger, settings.duplicates),
      datagrams_(ledger, settings.reassemble, settings.fragments),
      streams_(ledger, settings.streams),
      first_rules_(settings.rules()) {
  outlet.finish_first(matching_);
  follow(first_rules_);
}

Verdict Observer::observe(const wire::Frame& frame) noexcept {
  wire::Packet packet;
  Verdict verdict = wire::decode(frame, packet);
  if (duplicates_.enabled() && duplicate(frame, packet)) return Verdict::kDuplicate;
  if (verdict == Verdict::kFragment) verdict = datagrams_.take(packet, frame.time_ns);
  switch (verdict) {
    case Verdict::kDns:
      return dns_datagram(frame, packet);
    case Verdict::kDnsSegment:
      return dns_segment(frame, packet);
    case Verdict::kSyn:
    case Verdict::kSynAck:
    case Verdict::kQuicInitial:
      connection(frame, packet, verdict);
      return verdict;
    default:
      return verdict;
  }
}

bool Observer::duplicate(const wire::Frame& frame, const wire::Packet& packet) noexcept {
  const std::size_t ip_offset =
      packet.outer_ip == nullptr ? frame.length : static_cast<std::size_t>(packet.outer_ip - frame.bytes);
  return duplicates_.seen({frame.bytes, frame.length}, ip_offset, frame.time_ns);
}

Verdict Observer::dns_datagram(const wire::Frame& frame, const wire::Packet& packet) noexcept {
  return dns_message(frame, packet, packet.payload, packet.cut);
}

Verdict Observer::dns_segment(const wire::Frame& frame, const wire::Packet& packet) noexcept {
  Verdict verdict = Verdict::kDnsSegment;
  streams_.take(packet, frame.time_ns, [&](const DnsStreamMessage& message) {
    const Verdict of_message = dns_message(frame, packet, message.octets, message.cut);
    if (verdict != Verdict::kDnsMalformed) verdict = of_message;
  });
  return verdict;
}

Verdict Observer::dns_message(const wire::Frame& frame, const wire::Packet& packet,
                              std::span<const std::uint8_t> bytes, bool cut) noexcept {
  if (bytes.size() < wire::kDnsHeaderOctets) return cut ? Verdict::kDnsCut : Verdict::kDnsShort;
  const wire::DnsMessage& message = parser_.parse(bytes);
  const bool faulty = message.fault != wire::DnsFault::kNone;
  const bool malformed = faulty && !cut;
  if (malformed) ++ledger_.dns_faults[static_cast<std::size_t>(message.fault)];
  events_.message(frame, packet, message, bytes, malformed);
  if (!faulty) return Verdict::kDns;
  return cut ? Verdict::kDnsCut : Verdict::kDnsMalformed;
}

// Both ends of a QUIC handshake send Initials; the one on the lower port is the server.
void Observer::connection(const wire::Frame& frame, const wire::Packet& packet, Verdict verdict) noexcept {
  if (verdict == Verdict::kQuicInitial) {
    if (packet.destination_port <= packet.source_port) {
      events_.connect(frame, packet, kQuic);
    } else {
      events_.accept(frame, packet, kQuic);
    }
    return;
  }
  if (verdict == Verdict::kSyn) events_.connect(frame, packet, 0);
  if (verdict == Verdict::kSynAck) events_.accept(frame, packet, 0);
  if (packet.source_port == wire::kDnsPort || packet.destination_port == wire::kDnsPort)
    dns_segment(frame, packet);
}

}  // namespace dataplane
