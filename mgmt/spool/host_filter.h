// Which hosts a block of frames may be of: a Bloom filter.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "wire/address.h"
#include "wire/frame.h"
#include "wire/hash.h"
#include "wire/packet.h"

namespace mgmt {

// The two ends of a frame's innermost packet; none if it has no IP header.
struct FrameHosts {
  wire::Address source;
  wire::Address destination;
  bool known = false;
};

inline FrameHosts hosts_of(const wire::Frame& frame) noexcept {
  wire::Packet packet;
  wire::decode(frame, packet);
  return {packet.source, packet.destination, packet.outer_ip != nullptr};
}

// 4 bits an address: of 3000 different ones, many for a block of 256 KiB, less than one in a hundred others
// seems to be there too.
class HostFilter {
 public:
  static constexpr std::size_t kBytes = 4096;

  void add(const wire::Address& host) noexcept {
    each_bit(host, [this](std::size_t byte, std::uint8_t bit) { bytes_[byte] |= bit; });
  }
  void add(const FrameHosts& hosts) noexcept {
    if (!hosts.known) return;
    add(hosts.source);
    add(hosts.destination);
  }
  bool may_hold(const wire::Address& host) const noexcept {
    bool held = true;
    each_bit(host, [&](std::size_t byte, std::uint8_t bit) { held = held && (bytes_[byte] & bit) != 0; });
    return held;
  }
  void add_all(const HostFilter& other) noexcept {
    for (std::size_t i = 0; i < kBytes; ++i) bytes_[i] |= other.bytes_[i];
  }
  void clear() noexcept { bytes_.fill(0); }

  // As stored.
  const std::array<std::uint8_t, kBytes>& bytes() const noexcept { return bytes_; }
  std::array<std::uint8_t, kBytes>& bytes() noexcept { return bytes_; }
  std::uint64_t check() const noexcept { return wire::hash_bytes(bytes_.data(), bytes_.size()); }

 private:
  template <class Bit>
  static void each_bit(const wire::Address& host, Bit&& bit) noexcept {
    const std::uint64_t hash = wire::mix(wire::hash(host), wire::kHashSeedB);  // else neighbours share bits
    for (unsigned i = 0; i < 4; ++i) {
      const std::size_t place = (hash >> (16 * i)) % (8 * kBytes);
      bit(place / 8, static_cast<std::uint8_t>(1 << place % 8));
    }
  }

  std::array<std::uint8_t, kBytes> bytes_{};
};

}  // namespace mgmt
