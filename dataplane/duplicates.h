// The same packet seen twice, as a mirror port shows it that copies ingress and egress.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "dataplane/ledger.h"

namespace dataplane {

struct DuplicateSettings {
  std::int64_t window_ns = 0;  // a copy within it, before or after, is a duplicate; 0 turns the search off
  // Remembered, 16 bytes each; a power of two, 4 to 2^24. The default fits into a core's second-level cache
  // and suits 2 ms: at a million packets a second it is an eighth full, and one set in thousands overflows.
  std::uint32_t packets = 16384;
  bool switchable = false;  // set_window() may turn the search on later
};

// Two frames show the same packet if, from the outermost IP header on, they differ in nothing but what a
// switch or router changes: TTL or hop limit, header checksum, DSCP and ECN. What is in front of that header
// (MAC addresses, VLAN tags) and behind the datagram (Ethernet padding) does not count. Frames without IP
// must be equal in all bytes. Of a datagram that the snap length cut, headers and length must be equal: the
// UDP or TCP checksum vouches for the rest.
//
// Owned by one worker. Allocates in the constructor only, which throws std::invalid_argument if a setting is
// out of bounds. Packets share sets of four places; where a set is full its oldest is forgotten, and counted
// in the ledger, which must outlive this, as duplicates_forgotten if it was still within the window: its copy
// would be missed. None is invented, save by a collision of the hash.
class Duplicates {
 public:
  explicit Duplicates(Ledger& ledger, const DuplicateSettings& settings = {});

  bool enabled() const noexcept { return window_ns_ > 0; }

  // If the settings said `switchable`.
  void set_window(std::int64_t window_ns) noexcept { window_ns_ = window_ns; }

  // True if a packet like this was seen within the window; remembers it in any case, so a third copy counts
  // from the second. `ip_offset` is of the outermost IP header, and beyond the frame if there is none.
  bool seen(std::span<const std::uint8_t> frame, std::size_t ip_offset, std::int64_t time_ns) noexcept;

 private:
  struct Packet {
    std::uint32_t head = 0;  // hash of the headers
    std::uint32_t body = 0;  // hash of the rest; 0: cut
    std::int64_t time_ns = 0;
  };
  static constexpr std::size_t kWays = 4;
  using Line = std::array<Packet, kWays>;
  struct alignas(64) Set {
    Line packets;
  };
  static_assert(sizeof(Set) == 64);  // a look touches one cache line

  bool within_window(std::int64_t a, std::int64_t b) const noexcept;

  Ledger& ledger_;
  std::int64_t window_ns_;
  // Strangers write the packets: a secret seed keeps them from making one pass for another. It has no say in
  // which set a packet goes to, so that every run forgets the same ones. To fill a set on purpose gains
  // little: copies are then missed, which the ledger shows, but no packet is hidden.
  std::uint64_t seed_ = (std::uint64_t{std::random_device{}()} << 32) | std::random_device{}();
  std::vector<Set> sets_;
};

}  // namespace dataplane
