// DNS messages out of all TCP connections on port 53.
#pragma once

#include <cstdint>
#include <memory>

#include "dataplane/dns_stream.h"
#include "dataplane/ledger.h"
#include "dataplane/lru_table.h"
#include "wire/packet.h"

namespace dataplane {

struct DnsStreamSettings {
  // Directions of connections that are remembered, closed ones too: a late copy of a segment must not be
  // taken for a new stream. 1 to 2^20.
  std::uint32_t streams = 16384;
  std::uint32_t blocks = 8192;           // of OctetStore::kBlockBytes, for all streams: 16 MiB; 1 to 2^20
  std::uint32_t blocks_per_stream = 96;  // the longest message takes 33, the rest is for what comes early
  // A sender repeats a lost segment after a second or so (RFC 6298). If it has not come after this time, the
  // capture has lost it.
  std::int64_t gap_timeout_ns = 10'000'000'000;
};

// Owned by one worker. Allocates in the constructor only, which throws std::invalid_argument if a setting is
// out of bounds. Counts in the ledger, which must outlive it:
//   dns_streams_evicted  streams forgotten while open and after their first octet, to make room
//   dns_bytes_lost       octets known to have been sent that are in no message handed out whole, and not
//   awaited
//
// What becomes of a stream:
//  - A message is handed out once, in order, in the frame that completes it. Of octets that come twice, the
//  first
//    count.
//  - A gap holds up what is behind it, as it does for the receiver, until the stream's blocks are full or the
//  gap
//    is too old. Then the stream goes on with the next message whose place is known by the length of the one
//    before, or else where a segment looks like the beginning of a message.
//  - Without a SYN a stream begins with the first segment that looks so. After a SYN no look is needed.
//  - A segment far away from those before is of a connection whose SYN was missed.
class DnsStreams {
 public:
  explicit DnsStreams(Ledger& ledger, const DnsStreamSettings& settings = {});

  // Takes a TCP segment with a port 53, SYNs included, and calls sink(const DnsStreamMessage&) for every
  // message that it completes: also for those shorter than a DNS header, even empty. The sink must not call
  // take().
  template <class Sink>
  void take(const wire::Packet& packet, std::int64_t time_ns, Sink&& sink) noexcept {
    constexpr std::uint8_t kControl = wire::kSynFlag | wire::kFin | wire::kRst;
    if (packet.payload.empty() && (packet.tcp_flags & kControl) == 0) return;
    DnsSegment segment;
    const Table::Slot slot = begin(packet, time_ns, segment);
    if (slot == Table::kNone) return;
    DnsStreamMessage message;
    while (next(slot, segment, message)) sink(static_cast<const DnsStreamMessage&>(message));
    if (end(slot, segment, message)) sink(static_cast<const DnsStreamMessage&>(message));
  }

 private:
  struct Key {
    wire::Address source;
    wire::Address destination;
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;

    bool operator==(const Key&) const = default;
    std::uint64_t hash(std::uint64_t seed) const noexcept {
      const std::uint64_t ports = (std::uint64_t{source_port} << 16) | destination_port;
      return wire::mix(wire::mix(source.high ^ seed, source.low ^ ports ^ wire::kHashSeedA),
                       wire::mix(destination.high ^ seed, destination.low ^ wire::kHashSeedB));
    }
  };
  struct Entry {
    DnsStream stream;
    std::uint64_t used = 0;  // by which segment last
  };
  enum Queue : std::uint8_t {
    kIdle,     // a SYN and nothing else, or closed: late copies are all that is feared
    kBetween,  // between two messages
    kHolding,  // with octets in the store
    kQueues
  };
  using Table = LruTable<Key, Entry, kQueues>;

  Table::Slot begin(const wire::Packet& packet, std::int64_t time_ns, DnsSegment& segment) noexcept;
  bool next(Table::Slot slot, DnsSegment& segment, DnsStreamMessage& message) noexcept;
  bool end(Table::Slot slot, const DnsSegment& segment, DnsStreamMessage& message) noexcept;
  void make_room(Table::Slot slot, const DnsSegment& segment) noexcept;
  Table::Slot open(const Key& key, std::uint32_t at, bool lost) noexcept;
  void requeue(Table::Slot slot) noexcept;
  Table::Slot least_missed() const noexcept;
  void evict(Table::Slot slot) noexcept;

  Ledger& ledger_;
  std::uint32_t idle_kept_;  // so many idle streams are not evicted for others
  std::uint64_t segments_ = 0;
  Table table_;
  std::unique_ptr<DnsStreamMemory> memory_;
};

}  // namespace dataplane
