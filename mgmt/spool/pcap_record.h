// The classic capture format with nanoseconds, in this machine's byte order (draft-ietf-opsawg-pcap), written
// and read record by record.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "wire/frame.h"

namespace mgmt {

inline constexpr std::size_t kPcapHeaderBytes = 24;
inline constexpr std::size_t kPcapRecordBytes = 16;
inline constexpr std::uint32_t kMostPcapFrame = 262'144;  // as libpcap has it: a longer one is damage
inline constexpr std::int64_t kPcapSecondNs = 1'000'000'000;

inline std::array<char, kPcapHeaderBytes> pcap_header(wire::LinkType link) {
  struct {
    std::uint32_t magic = 0xA1B23C4D;
    std::uint16_t major = 2, minor = 4;
    std::int32_t zone = 0;
    std::uint32_t accuracy = 0, snap = kMostPcapFrame, link = 0;
  } header;
  static_assert(sizeof header == kPcapHeaderBytes);
  header.link = static_cast<std::uint32_t>(link);
  std::array<char, kPcapHeaderBytes> bytes{};
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

// The link type, if these are the octets of such a header.
inline std::optional<wire::LinkType> link_of_pcap(const std::array<char, kPcapHeaderBytes>& bytes) {
  std::uint32_t link = 0;
  std::memcpy(&link, bytes.data() + 20, sizeof link);
  const auto type = static_cast<wire::LinkType>(link);
  if (link > 0xFFFF || pcap_header(type) != bytes) return std::nullopt;
  return type;
}

struct PcapRecord {
  std::uint32_t seconds;
  std::uint32_t nanoseconds;
  std::uint32_t length;
  std::uint32_t wire_length;

  std::int64_t time_ns() const noexcept { return std::int64_t{seconds} * kPcapSecondNs + nanoseconds; }
  // None of a frame that anybody wrote; zeroed octets, as power loss leaves them, are none either.
  bool sane() const noexcept {
    return length <= kMostPcapFrame && length <= wire_length && wire_length > 0 &&
           nanoseconds < kPcapSecondNs;
  }
};
static_assert(sizeof(PcapRecord) == kPcapRecordBytes);

// What the format can say of a time: none before 1970.
inline std::int64_t pcap_time_ns(std::int64_t time_ns) noexcept {
  return std::clamp<std::int64_t>(time_ns, 0, std::int64_t{0xFFFFFFFF} * kPcapSecondNs + kPcapSecondNs - 1);
}

inline void append_pcap_record(std::string& to, const wire::Frame& frame) {
  const std::int64_t time_ns = pcap_time_ns(frame.time_ns);
  const PcapRecord record = {static_cast<std::uint32_t>(time_ns / kPcapSecondNs),
                             static_cast<std::uint32_t>(time_ns % kPcapSecondNs), frame.length,
                             std::max(frame.wire_length, frame.length)};
  to.append(reinterpret_cast<const char*>(&record), sizeof record);
  to.append(reinterpret_cast<const char*>(frame.bytes), frame.length);
}

}  // namespace mgmt
