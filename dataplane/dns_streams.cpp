#include "dataplane/dns_streams.h"

#include <stdexcept>

namespace dataplane {

namespace {

constexpr std::uint32_t kMaxEntries = 1U << 20;

const DnsStreamSettings& checked(const DnsStreamSettings& settings) {
  const auto within = [](std::uint32_t value) { return value >= 1 && value <= kMaxEntries; };
  if (!within(settings.streams) || !within(settings.blocks) || !within(settings.blocks_per_stream))
    throw std::invalid_argument("DNS over TCP needs 1 to 1048576 streams and blocks.");
  if (settings.gap_timeout_ns <= 0)
    throw std::invalid_argument(
        "The time that DNS over TCP waits for a gap to be filled must be more than 0.");
  return settings;
}

}  // namespace

DnsStreams::DnsStreams(Ledger& ledger, const DnsStreamSettings& settings)
    : ledger_(ledger),
      idle_kept_(checked(settings).streams / 4),
      table_(settings.streams),
      memory_(
          new DnsStreamMemory{OctetStore(settings.blocks, settings.blocks_per_stream, OctetStore::Join::kYes),
                              settings.gap_timeout_ns,
                              ledger.dns_bytes_lost,
                              {}}) {}

// Finds the segment's stream, or opens it. kNone if there is nothing to read.
DnsStreams::Table::Slot DnsStreams::begin(const wire::Packet& packet, std::int64_t time_ns,
                                          DnsSegment& segment) noexcept {
  const bool syn = packet.tcp_flags & wire::kSynFlag;
  const bool rst = packet.tcp_flags & wire::kRst;
  segment.at =
      packet.tcp_sequence + (syn ? 1 : 0);  // A SYN takes a number of its own (RFC 9293 section 3.4).
  segment.end = segment.at + static_cast<std::uint32_t>(packet.payload.size());
  segment.octets = packet.payload;
  segment.fin = packet.tcp_flags & wire::kFin;
  segment.cut = packet.cut;
  segment.from_server = packet.source_port == wire::kDnsPort;
  segment.to_server = packet.destination_port == wire::kDnsPort;
  segment.time_ns = time_ns;

  ++segments_;
  const Key key{packet.source, packet.destination, packet.source_port, packet.destination_port};
  Table::Slot slot = table_.find(key);
  if (slot == Table::kNone) {
    if (rst || (!syn && segment.octets.empty())) return Table::kNone;
    return open(key, segment.at, !syn);
  }
  DnsStream& stream = table_[slot].stream;
  if (rst) {  // Its payload, if any, is an explanation and no data (RFC 9293 section 3.5.3).
    if (stream.is_near(segment.at)) stream.close(*memory_);
    requeue(slot);
    return Table::kNone;
  }
  if (syn && !stream.begins_at(segment.at)) stream.open(segment.at, false, *memory_);
  return stream.admit(segment, *memory_) ? slot : Table::kNone;
}

bool DnsStreams::next(Table::Slot slot, DnsSegment& segment, DnsStreamMessage& message) noexcept {
  for (;;) {
    switch (table_[slot].stream.next(segment, *memory_, message)) {
      case DnsStream::Step::kMessage:
        return true;
      case DnsStream::Step::kDone:
        return false;
      case DnsStream::Step::kStarved:
        make_room(slot, segment);
    }
  }
}

// The stream in hand is the most recently used of all, so it comes last.
void DnsStreams::make_room(Table::Slot slot, const DnsSegment& segment) noexcept {
  table_.touch(slot, kHolding);
  const Table::Slot oldest = table_.oldest(kHolding);
  if (oldest == slot) {
    table_[slot].stream.give_way(segment, *memory_);
  } else {
    evict(oldest);
  }
}

bool DnsStreams::end(Table::Slot slot, const DnsSegment& segment, DnsStreamMessage& message) noexcept {
  const bool cut_message = table_[slot].stream.finish(segment, *memory_, message);
  requeue(slot);
  return cut_message;
}

DnsStreams::Table::Slot DnsStreams::open(const Key& key, std::uint32_t at, bool lost) noexcept {
  if (table_.full()) evict(least_missed());
  const Table::Slot slot = table_.insert(key, kIdle);
  table_[slot].stream.open(at, lost, *memory_);
  return slot;
}

void DnsStreams::requeue(Table::Slot slot) noexcept {
  Entry& entry = table_[slot];
  entry.used = segments_;
  table_.touch(slot, entry.stream.holds_octets() ? kHolding : entry.stream.idle() ? kIdle : kBetween);
}

// A flood of SYNs shall not push out streams that are being read.
DnsStreams::Table::Slot DnsStreams::least_missed() const noexcept {
  const Table::Slot between = table_.oldest(kBetween);
  const Table::Slot holding = table_.oldest(kHolding);
  if (table_.size(kIdle) > idle_kept_ || (between == Table::kNone && holding == Table::kNone))
    return table_.oldest(kIdle);
  if (between == Table::kNone) return holding;
  if (holding == Table::kNone) return between;
  return table_[between].used < table_[holding].used ? between : holding;
}

void DnsStreams::evict(Table::Slot slot) noexcept {
  DnsStream& stream = table_[slot].stream;
  if (!stream.idle()) ++ledger_.dns_streams_evicted;
  stream.close(*memory_);
  table_.erase(slot);
}

}  // namespace dataplane
