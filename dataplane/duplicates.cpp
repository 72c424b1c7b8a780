#include "dataplane/duplicates.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "wire/hash.h"

namespace dataplane {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kIpv4HeaderOctets = 20;
constexpr std::size_t kIpv6HeaderOctets = 40;
// Of what follows the IP header: up to the TCP checksum and beyond the UDP checksum.
constexpr std::size_t kTransportOctets = 20;
// Of a frame without IP: as far as ARP differs (RFC 826).
constexpr std::size_t kNotIpOctets = 42;

constexpr std::uint32_t kMaxPackets = 1U << 24;

// In the byte order of the wire, least significant byte first.
constexpr std::uint64_t kIpv4FirstKept = ~std::uint64_t{0xFF00};       // all but DSCP and ECN
constexpr std::uint64_t kIpv4SecondKept = ~std::uint64_t{0xFFFF00FF};  // all but TTL and checksum
constexpr std::uint64_t kIpv6FirstKept =
    ~std::uint64_t{0xFF00'0000'0000'F00F};  // all but traffic class, hop limit

// What identifies a packet: its IP header without the fields that change on the way, and the octets behind
// it.
struct Identity {
  std::uint64_t header = 0;  // with the seed
  std::uint64_t place = 0;   // the same without
  Bytes transport;           // its header, IPv4 options in front
  Bytes body;
  bool cut = false;
};

std::size_t u16_at(Bytes bytes, std::size_t at) noexcept {
  return (std::size_t{bytes[at]} << 8) | bytes[at + 1];
}

struct HeaderHash {
  std::uint64_t seeded, unseeded;
};

HeaderHash header_hash(std::uint64_t first, std::uint64_t rest, std::uint64_t seed) noexcept {
  return {wire::mix(first ^ seed, rest), wire::mix(first ^ wire::kHashSeedA, rest)};
}

Identity behind_header(Bytes ip, std::size_t header, std::size_t options, std::size_t total,
                       HeaderHash hash) noexcept {
  // Length 0: left to the network card by the sender (segmentation offload), or an IPv6 jumbogram.
  const bool known = total > header;
  const std::size_t size = known ? std::min(total, ip.size()) : ip.size();
  const Bytes rest = ip.subspan(header, size - header);
  const std::size_t transport = std::min(rest.size(), options + kTransportOctets);
  return {hash.seeded, hash.unseeded, rest.first(transport), rest.subspan(transport), known && size < total};
}

Identity of_ipv4(Bytes ip, std::uint64_t seed) noexcept {
  const std::uint64_t first = wire::load_u64(ip.data()) & kIpv4FirstKept;
  const std::uint64_t second = wire::load_u64(ip.data() + 8) & kIpv4SecondKept;
  std::uint32_t destination;
  std::memcpy(&destination, ip.data() + 16, sizeof destination);
  const std::uint64_t rest = second ^ wire::mix(destination ^ wire::kHashSeedB, wire::kHashSeedA);
  const std::size_t options =
      std::max<std::size_t>((ip[0] & 0xF) * 4U, kIpv4HeaderOctets) - kIpv4HeaderOctets;
  return behind_header(ip, kIpv4HeaderOctets, options, u16_at(ip, 2), header_hash(first, rest, seed));
}

Identity of_ipv6(Bytes ip, std::uint64_t seed) noexcept {
  const std::uint64_t first = wire::load_u64(ip.data()) & kIpv6FirstKept;
  const std::uint64_t rest = wire::hash_bytes(ip.data() + 8, 32);
  return behind_header(ip, kIpv6HeaderOctets, 0, kIpv6HeaderOctets + u16_at(ip, 4),
                       header_hash(first, rest, seed));
}

Identity identity_of(Bytes frame, std::size_t ip_offset, std::uint64_t seed) noexcept {
  const Bytes ip = ip_offset < frame.size() ? frame.subspan(ip_offset) : Bytes{};
  const int version = ip.empty() ? 0 : ip[0] >> 4;
  if (version == 4 && ip.size() >= kIpv4HeaderOctets) return of_ipv4(ip, seed);
  if (version == 6 && ip.size() >= kIpv6HeaderOctets) return of_ipv6(ip, seed);
  const std::size_t front = std::min(frame.size(), kNotIpOctets);
  return {seed, wire::kHashSeedA, frame.first(front), frame.subspan(front), false};
}

// Four lanes that do not wait for one another: several times as fast as one on long packets.
std::uint64_t hash_long(Bytes bytes, std::uint64_t seed) noexcept {
  std::array<std::uint64_t, 4> lanes = {seed ^ wire::kHashSeedA, seed ^ wire::kHashSeedB, seed, ~seed};
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 64; at += 64, left -= 64) {
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      lanes[lane] = wire::mix(wire::load_u64(at + 16 * lane) ^ lanes[lane],
                              wire::load_u64(at + 16 * lane + 8) ^ wire::kHashSeedB);
    }
  }
  const std::uint64_t tail = wire::hash_bytes(at, left);
  return wire::mix(wire::mix(lanes[0], lanes[1] ^ tail), wire::mix(lanes[2] ^ bytes.size(), lanes[3]));
}

}  // namespace

Duplicates::Duplicates(Ledger& ledger, const DuplicateSettings& settings)
    : ledger_(ledger), window_ns_(settings.window_ns) {
  if (settings.window_ns < 0) throw std::invalid_argument("The window for duplicates must not be negative.");
  if (!std::has_single_bit(settings.packets) || settings.packets < kWays || settings.packets > kMaxPackets)
    throw std::invalid_argument("The table for duplicates needs a power of two from 4 to 16777216 packets.");
  if (enabled() || settings.switchable) sets_.resize(settings.packets / kWays);
}

bool Duplicates::seen(Bytes frame, std::size_t ip_offset, std::int64_t time_ns) noexcept {
  if (!enabled() || frame.empty()) return false;
  const Identity identity = identity_of(frame, ip_offset, seed_);
  const std::uint64_t transport = wire::hash_bytes(identity.transport.data(), identity.transport.size());
  const std::uint64_t head = wire::mix(identity.header, seed_ ^ transport);
  const std::uint32_t body =
      identity.cut ? 0 : static_cast<std::uint32_t>(hash_long(identity.body, seed_) >> 32) | 1;
  const auto tag = static_cast<std::uint32_t>(head >> 32) | 1;  // 0 is an unused place

  const std::size_t set = wire::mix(identity.place, transport) & (sets_.size() - 1);
  Line& packets = sets_[set].packets;
  Packet* place = packets.data();
  for (Packet& packet : packets) {
    if (packet.head == tag && (packet.body == body || packet.body == 0 || body == 0)) {
      const bool duplicate = within_window(packet.time_ns, time_ns);
      packet.time_ns = time_ns;
      return duplicate;
    }
    if (packet.head == 0 || (place->head != 0 && packet.time_ns < place->time_ns)) place = &packet;
  }
  if (place->head != 0 && within_window(place->time_ns, time_ns)) ++ledger_.duplicates_forgotten;
  *place = {tag, body, time_ns};
  return false;
}

// Unsigned, since a file may hold any two times.
bool Duplicates::within_window(std::int64_t a, std::int64_t b) const noexcept {
  const auto distance =
      static_cast<std::uint64_t>(std::max(a, b)) - static_cast<std::uint64_t>(std::min(a, b));
  return distance <= static_cast<std::uint64_t>(window_ns_);
}

}  // namespace dataplane
