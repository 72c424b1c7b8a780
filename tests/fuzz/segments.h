// TCP segments with a port 53 as octets: what the target of streams reads, and what a capture gives it. Each
// is seconds since the one before it (signed), shape, TCP flags, sequence number (2), size (2), payload.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "wire/packet.h"

namespace tests {

inline constexpr std::int64_t kNsASecond = 1'000'000'000;
inline constexpr std::uint32_t kFirstSequence = 0xFFFFF000;  // soon wraps
inline constexpr std::size_t kMostSegmentOctets = 0x7FF;
inline constexpr std::uint16_t kFirstClientPort = 1024;  // of four
// A shape.
inline constexpr std::uint8_t kFromServer = 0x01;
inline constexpr std::uint8_t kCutBits = 0x0E;  // all of them: cut
inline constexpr std::uint8_t kFarAway = 0x20;
inline constexpr unsigned kClientShift = 6;

// Zeros follow the end of the octets.
class SegmentReader {
 public:
  explicit SegmentReader(std::span<const std::uint8_t> octets) : left_(octets) {}

  bool empty() const { return left_.empty(); }
  std::int64_t time_ns() const { return time_ns_; }  // of the last one

  wire::Packet next() {
    time_ns_ += static_cast<std::int8_t>(u8()) * kNsASecond;
    wire::Packet packet;
    const std::uint8_t shape = u8();
    const auto client = static_cast<std::uint16_t>(kFirstClientPort + (shape >> kClientShift));
    packet.source_port = shape & kFromServer ? wire::kDnsPort : client;
    packet.destination_port = shape & kFromServer ? client : wire::kDnsPort;
    packet.cut = (shape & kCutBits) == kCutBits;
    packet.tcp_flags = u8() & (wire::kFin | wire::kSynFlag | wire::kRst);
    packet.tcp_sequence = kFirstSequence + u16() + (shape & kFarAway ? 0x40000000u : 0u);
    packet.payload = take(u16() & kMostSegmentOctets);
    return packet;
  }

 private:
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

  std::span<const std::uint8_t> left_;
  std::int64_t time_ns_ = 0;
};

class SegmentWriter {
 public:
  void write(const wire::Packet& packet, std::int64_t time_ns) {
    const bool from_server = packet.source_port == wire::kDnsPort;
    const std::uint16_t client = from_server ? packet.destination_port : packet.source_port;
    const auto direction = std::tuple(packet.source, packet.destination, client, from_server);
    const std::uint32_t first = first_.try_emplace(direction, packet.tcp_sequence).first->second;
    const std::size_t size = std::min(packet.payload.size(), kMostSegmentOctets);

    const std::int64_t seconds = octets_.empty() ? 0 : time_ns / kNsASecond - time_ns_ / kNsASecond;
    u8(static_cast<std::uint8_t>(std::clamp<std::int64_t>(seconds, -128, 127)));
    u8(static_cast<std::uint8_t>((from_server ? kFromServer : 0) | (packet.cut ? kCutBits : 0) |
                                 client << kClientShift));
    u8(packet.tcp_flags);
    u16(packet.tcp_sequence - first + kRoomBefore);
    u16(static_cast<std::uint32_t>(size));
    octets_.insert(octets_.end(), packet.payload.begin(),
                   packet.payload.begin() + static_cast<std::ptrdiff_t>(size));
    time_ns_ = time_ns;
  }
  const std::vector<std::uint8_t>& octets() const { return octets_; }

 private:
  static constexpr std::uint32_t kRoomBefore = 0x800;  // for segments that overtook the first

  void u8(std::uint8_t value) { octets_.push_back(value); }
  void u16(std::uint32_t value) {
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
  }

  std::vector<std::uint8_t> octets_;
  std::map<std::tuple<wire::Address, wire::Address, std::uint16_t, bool>, std::uint32_t> first_;
  std::int64_t time_ns_ = 0;
};

}  // namespace tests
