// IP datagrams put together from their fragments (RFC 791, RFC 8200 section 4.5, RFC 5722).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "dataplane/ledger.h"
#include "dataplane/lru_table.h"
#include "dataplane/octet_store.h"
#include "wire/packet.h"

namespace dataplane {

struct FragmentSettings {
  std::uint32_t datagrams = 4096;           // incomplete at one time; 1 to 2^20
  std::uint32_t blocks = 4096;              // of OctetStore::kBlockBytes, for all datagrams; 1 to 2^20
  std::uint32_t blocks_per_datagram = 256;  // hence at most so many fragments; 33 holds 65535 octets
  // RFC 791 suggests 15 s, RFC 8200 demands 60 s. What is missing comes within milliseconds or never, while
  // an IPv4 identification soon returns on a fast path (RFC 4963): between the two, as Linux has it for IPv4.
  std::int64_t timeout_ns = 30'000'000'000;
};

// Owned by one worker. Allocates in the constructor only, which throws std::invalid_argument if a setting is
// out of bounds. Counts in the ledger, which must outlive it: fragments_evicted for a datagram given up by
// timeout or for want of room.
class FragmentTable {
 public:
  struct Result {
    // kFragment, kFragmentOverlap or kFragmentBad, of the fragment if it does not complete its datagram.
    wire::Verdict verdict = wire::Verdict::kFragment;
    bool whole = false;                     // the datagram is complete:
    std::uint8_t protocol = 0;              // of its payload, as its first fragment says
    std::span<const std::uint8_t> payload;  // its payload, valid until the next add()
  };

  explicit FragmentTable(Ledger& ledger, const FragmentSettings& settings = {});

  // `packet` is one whose verdict was kFragment. Its payload may lie in the result of the add() before: a
  // fragment can travel in a tunnel's fragments.
  Result add(const wire::Packet& packet, std::int64_t time_ns) noexcept;

 private:
  struct Key {
    wire::Address source;
    wire::Address destination;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;  // IPv4 only: fragments of an IPv6 datagram may differ in it (RFC 8200)

    bool operator==(const Key&) const = default;
    std::uint64_t hash(std::uint64_t seed) const noexcept {
      return wire::mix(wire::hash(source) ^ seed, wire::hash(destination) ^ wire::mix(id ^ seed, ~seed)) + id;
    }
  };
  struct Datagram {
    HeldOctets held;
    std::uint32_t octets = 0;  // held
    std::uint32_t size = 0;    // of the whole, known from its last fragment; 0: not yet
    std::uint8_t protocol = 0;
    bool dropped = false;  // its other fragments are dropped too, with the verdict that tells why
    wire::Verdict why = wire::Verdict::kFragment;
    std::int64_t since_ns = 0;
  };
  using Table = LruTable<Key, Datagram>;

  Table::Slot datagram_of(const Key& key, std::int64_t time_ns) noexcept;
  wire::Verdict place(Table::Slot slot, const wire::Packet& packet) noexcept;
  wire::Verdict keep(Table::Slot slot, const wire::Packet& packet) noexcept;
  Result complete(Table::Slot slot) noexcept;
  void expire(std::int64_t time_ns) noexcept;
  bool too_old(const Datagram& datagram, std::int64_t time_ns) const noexcept;
  wire::Verdict drop(Datagram& datagram, wire::Verdict why) noexcept;
  void give_up(Table::Slot slot) noexcept;

  Ledger& ledger_;
  std::int64_t timeout_ns_;
  Table table_;  // in the order of first fragments
  OctetStore store_;
  std::unique_ptr<std::array<std::uint8_t, 65535>> whole_;
};

}  // namespace dataplane
