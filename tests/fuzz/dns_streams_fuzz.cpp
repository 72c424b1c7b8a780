// Segments from the input, few enough streams and blocks that everything collides. What is handed out must be
// readable to its last octet.
#include <cstddef>
#include <cstdint>

#include "dataplane/dns_streams.h"
#include "tests/fuzz/segments.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  dataplane::Ledger ledger;
  dataplane::DnsStreams streams(ledger, {.streams = 4, .blocks = 8, .blocks_per_stream = 6});
  tests::SegmentReader segments({bytes, size});
  while (!segments.empty()) {
    const wire::Packet packet = segments.next();
    volatile std::uint8_t sum = 0;
    streams.take(packet, segments.time_ns(), [&](const dataplane::DnsStreamMessage& message) {
      if (message.octets.size() > wire::kMaxDnsMessageOctets) __builtin_trap();
      if (message.cut && message.octets.size() < wire::kDnsHeaderOctets) __builtin_trap();
      for (const std::uint8_t octet : message.octets) sum = sum + octet;
    });
  }
  return 0;
}
