#include "dataplane/datagrams.h"

namespace dataplane {

using wire::Verdict;

Verdict Datagrams::take(wire::Packet& packet, std::int64_t time_ns) noexcept {
  Verdict verdict = Verdict::kFragment;
  while (verdict == Verdict::kFragment) {
    if (!reassemble_) {
      if (packet.fragment.offset != 0) return verdict;
      verdict = wire::decode_datagram(packet.payload, wire::kMaxDatagramOctets, packet);
      continue;
    }
    const FragmentTable::Result result = fragments_.add(packet, time_ns);
    if (!result.whole) return result.verdict;
    packet.protocol = result.protocol;
    verdict = wire::decode_datagram(result.payload, 0, packet);
  }
  return verdict;
}

}  // namespace dataplane
