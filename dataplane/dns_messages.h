// The DNS messages in frames that a worker has seen before, for whoever wants more of them than events.
#pragma once

#include <cstdint>
#include <span>

#include "dataplane/datagrams.h"
#include "dataplane/dns_streams.h"
#include "dataplane/ledger.h"
#include "wire/frame.h"
#include "wire/packet.h"

namespace dataplane {

// Lives as long as the call that hands it out.
struct FoundMessage {
  const wire::Packet& packet;  // that carried or completed it
  std::span<const std::uint8_t> octets;
  bool cut = false;  // the capture's snap length took its end away
};

// Of one worker's frames. One thread; allocates in the constructor only.
class DnsMessages {
 public:
  // With a worker's settings, what is lost here is what the worker loses.
  DnsMessages(const FragmentSettings& fragments, const DnsStreamSettings& streams);

  // Calls sink(const FoundMessage&) for each message of a DNS header at least that the frame carries or
  // completes.
  template <class Sink>
  void take(const wire::Frame& frame, Sink&& sink) noexcept {
    wire::Packet packet;
    const auto found = [&](std::span<const std::uint8_t> octets, bool cut) {
      if (octets.size() >= wire::kDnsHeaderOctets) sink(FoundMessage{packet, octets, cut});
    };
    const wire::Verdict verdict = look(frame, packet);
    if (verdict == wire::Verdict::kDns) found(packet.payload, packet.cut);
    if (verdict != wire::Verdict::kDnsSegment && !begins_stream(packet, verdict)) return;
    streams_.take(packet, frame.time_ns,
                  [&](const DnsStreamMessage& message) { found(message.octets, message.cut); });
  }

  // Streams and datagrams that were forgotten before they were whole, for want of room or for lack of their
  // rest.
  std::uint64_t forgotten() const noexcept { return ledger_.dns_streams_evicted + ledger_.fragments_evicted; }

 private:
  static bool begins_stream(const wire::Packet& packet, wire::Verdict verdict) noexcept {
    const bool syn = verdict == wire::Verdict::kSyn || verdict == wire::Verdict::kSynAck;
    return syn && (packet.source_port == wire::kDnsPort || packet.destination_port == wire::kDnsPort);
  }
  wire::Verdict look(const wire::Frame& frame, wire::Packet& packet) noexcept;

  Ledger ledger_;
  Datagrams datagrams_;
  DnsStreams streams_;
};

}  // namespace dataplane
