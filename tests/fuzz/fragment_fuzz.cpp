// Fragments of few datagrams, each octet a function of its place: a datagram put together must be that
// function.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dataplane/fragment_table.h"

namespace {

constexpr std::array<std::uint8_t, 65536> kOctets = [] {
  std::array<std::uint8_t, 65536> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(i * 31 + i / 256);
  return octets;
}();

constexpr std::size_t kRecordBytes = 6;

wire::Packet fragment_of(std::span<const std::uint8_t, kRecordBytes> record) {
  wire::Packet packet;
  const std::uint32_t offset = 8 * ((record[1] & 0x1Fu) << 8 | record[2]);
  const std::size_t size = (record[3] & 0x0Fu) << 8 | record[4];
  packet.source.low = record[0] & 0x80 ? 1 : 0xFFFF0000;  // IPv6, IPv4
  packet.cut = record[3] == 0xFF;
  packet.fragment = {record[0] & 7u, offset, (record[1] & 0x80) != 0,
                     static_cast<std::uint8_t>(record[0] >> 6)};
  const std::size_t begin = std::min<std::size_t>(offset, kOctets.size());
  packet.payload = std::span(kOctets).subspan(begin, std::min(size, kOctets.size() - begin));
  return packet;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  dataplane::Ledger ledger;
  dataplane::FragmentTable table(ledger, {.datagrams = 6, .blocks = 24, .blocks_per_datagram = 20});
  std::int64_t time_ns = 0;
  for (; size >= kRecordBytes; bytes += kRecordBytes, size -= kRecordBytes) {
    const std::span<const std::uint8_t, kRecordBytes> record(bytes, kRecordBytes);
    time_ns += static_cast<std::int8_t>(record[5]) * std::int64_t{1'000'000'000};
    const auto result = table.add(fragment_of(record), time_ns);
    if (!result.whole) continue;
    for (std::size_t i = 0; i < result.payload.size(); ++i)
      if (result.payload[i] != kOctets[i]) __builtin_trap();
  }
  return 0;
}
