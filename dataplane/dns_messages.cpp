#include "dataplane/dns_messages.h"

namespace dataplane {

DnsMessages::DnsMessages(const FragmentSettings& fragments, const DnsStreamSettings& streams)
    : datagrams_(ledger_, true, fragments), streams_(ledger_, streams) {}

wire::Verdict DnsMessages::look(const wire::Frame& frame, wire::Packet& packet) noexcept {
  const wire::Verdict verdict = wire::decode(frame, packet);
  return verdict == wire::Verdict::kFragment ? datagrams_.take(packet, frame.time_ns) : verdict;
}

}  // namespace dataplane
