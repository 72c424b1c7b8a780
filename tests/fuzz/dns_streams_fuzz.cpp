// Segments from the input, few enough streams and blocks that everything collides. What is handed out must be
// readable to its last octet.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dataplane/dns_streams.h"

namespace {

// Takes octets from the input, zeros when it has ended.
class Input {
 public:
  Input(const std::uint8_t* bytes, std::size_t size) : left_(bytes, size) {}
  bool empty() const { return left_.empty(); }
  std::uint8_t u8() { return left_.empty() ? std::uint8_t{0} : take(1)[0]; }
  std::uint32_t u16() {
    const std::uint32_t high = u8();
    return (high << 8) | u8();
  }
  std::span<const std::uint8_t> take(std::size_t size) {
    const auto front = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(front.size());
    return front;
  }

 private:
  std::span<const std::uint8_t> left_;
};

wire::Packet next_segment(Input& input) {
  wire::Packet packet;
  const std::uint8_t shape = input.u8();
  packet.source_port = shape & 1 ? wire::kDnsPort : static_cast<std::uint16_t>(1024 + (shape >> 6));
  packet.destination_port = shape & 1 ? static_cast<std::uint16_t>(1024 + (shape >> 6)) : wire::kDnsPort;
  packet.cut = (shape & 0x0E) == 0x0E;
  packet.tcp_flags = input.u8() & (wire::kFin | wire::kSynFlag | wire::kRst);
  packet.tcp_sequence = 0xFFFFF000 + input.u16();
  if (shape & 0x20) packet.tcp_sequence += 0x40000000;
  packet.payload = input.take(input.u16() & 0x7FF);
  return packet;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  dataplane::Ledger ledger;
  dataplane::DnsStreams streams(ledger, {.streams = 4, .blocks = 8, .blocks_per_stream = 6});
  Input input(bytes, size);
  std::int64_t time_ns = 0;
  while (!input.empty()) {
    time_ns += (static_cast<std::int8_t>(input.u8()) * std::int64_t{1'000'000'000});
    const wire::Packet packet = next_segment(input);
    volatile std::uint8_t sum = 0;
    streams.take(packet, time_ns, [&](const dataplane::DnsStreamMessage& message) {
      if (message.octets.size() > wire::kMaxDnsMessageOctets) __builtin_trap();
      if (message.cut && message.octets.size() < wire::kDnsHeaderOctets) __builtin_trap();
      for (const std::uint8_t octet : message.octets) sum = sum + octet;
    });
  }
  return 0;
}
