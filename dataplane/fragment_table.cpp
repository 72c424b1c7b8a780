#include "dataplane/fragment_table.h"

#include <stdexcept>

namespace dataplane {

using wire::Verdict;

namespace {

constexpr std::uint32_t kMaxDatagramOctets = 65535;
constexpr std::uint32_t kMaxEntries = 1U << 20;
constexpr int kExpiredPerFragment = 4;  // spreads the cost, and still outruns the one datagram that may begin

const FragmentSettings& checked(const FragmentSettings& settings) {
  const auto within = [](std::uint32_t value) { return value >= 1 && value <= kMaxEntries; };
  if (!within(settings.datagrams) || !within(settings.blocks) || !within(settings.blocks_per_datagram))
    throw std::invalid_argument("The fragment table needs 1 to 1048576 datagrams and blocks.");
  if (settings.timeout_ns <= 0)
    throw std::invalid_argument("The fragment table's timeout must be more than 0.");
  return settings;
}

bool cannot_be_placed(const wire::Packet& packet) noexcept {
  const std::size_t size = packet.payload.size();
  if (packet.cut || size == 0) return true;
  if (packet.fragment.more && size % 8 != 0) return true;
  return packet.fragment.offset + size > kMaxDatagramOctets;
}

}  // namespace

FragmentTable::FragmentTable(Ledger& ledger, const FragmentSettings& settings)
    : ledger_(ledger),
      timeout_ns_(checked(settings).timeout_ns),
      table_(settings.datagrams),
      store_(settings.blocks, settings.blocks_per_datagram, OctetStore::Join::kNo),
      whole_(std::make_unique<std::array<std::uint8_t, kMaxDatagramOctets>>()) {}

FragmentTable::Result FragmentTable::add(const wire::Packet& packet, std::int64_t time_ns) noexcept {
  expire(time_ns);
  const wire::Fragment& fragment = packet.fragment;
  if (cannot_be_placed(packet)) return {Verdict::kFragmentBad, false, 0, {}};
  if (fragment.offset == 0 && !fragment.more)  // An atomic fragment stands apart from all others (RFC 6946).
    return {Verdict::kFragment, true, fragment.protocol, packet.payload};

  const Key key{packet.source, packet.destination, fragment.id,
                packet.source.is_v4() ? fragment.protocol : std::uint8_t{0}};
  const Table::Slot slot = datagram_of(key, time_ns);
  const Verdict verdict = place(slot, packet);
  const Datagram& datagram = table_[slot];
  if (datagram.size != 0 && datagram.octets == datagram.size) return complete(slot);
  return {verdict, false, 0, {}};
}

FragmentTable::Table::Slot FragmentTable::datagram_of(const Key& key, std::int64_t time_ns) noexcept {
  Table::Slot slot = table_.find(key);
  if (slot != Table::kNone && too_old(table_[slot], time_ns)) {
    give_up(slot);
    slot = Table::kNone;
  }
  if (slot != Table::kNone) return slot;
  if (table_.full()) give_up(table_.oldest());
  slot = table_.insert(key);
  table_[slot].since_ns = time_ns;
  return slot;
}

// RFC 5722 drops a datagram whose fragments overlap; it was written for IPv6, and IPv4 stacks have followed.
// An exact copy is no overlap but a frame seen twice: RFC 8200 section 4.5 lets it be ignored, and so does
// tshark, which however goes on with other overlaps.
Verdict FragmentTable::place(Table::Slot slot, const wire::Packet& packet) noexcept {
  Datagram& datagram = table_[slot];
  const wire::Fragment& fragment = packet.fragment;
  if (datagram.dropped) return datagram.why;

  const auto end = static_cast<std::uint32_t>(fragment.offset + packet.payload.size());
  const bool beyond_end =
      datagram.size != 0 && (end > datagram.size || (!fragment.more && end != datagram.size));
  const bool end_within = !fragment.more && !datagram.held.empty() && store_.end(datagram.held) > end;
  if (beyond_end || end_within) {  // Two ends: nobody can say which datagram was meant.
    return drop(datagram, Verdict::kFragmentBad);
  }
  if (store_.overlaps(datagram.held, fragment.offset, packet.payload.size())) {
    if (store_.holds_exactly(datagram.held, fragment.offset, packet.payload)) return Verdict::kFragment;
    return drop(datagram, Verdict::kFragmentOverlap);
  }
  if (fragment.offset == 0) datagram.protocol = fragment.protocol;
  if (!fragment.more) datagram.size = end;
  return keep(slot, packet);
}

// Room is made by the oldest datagrams, which may be this very one.
Verdict FragmentTable::keep(Table::Slot slot, const wire::Packet& packet) noexcept {
  Datagram& datagram = table_[slot];
  std::uint32_t at = packet.fragment.offset;
  std::span<const std::uint8_t> left = packet.payload;
  for (;;) {
    const std::size_t kept = store_.add(datagram.held, at, left);
    at += static_cast<std::uint32_t>(kept);
    left = left.subspan(kept);
    if (left.empty()) break;
    if (!store_.exhausted() || table_.oldest() == slot) {
      ++ledger_.fragments_evicted;
      return drop(datagram, Verdict::kFragment);
    }
    give_up(table_.oldest());
  }
  datagram.octets += static_cast<std::uint32_t>(packet.payload.size());
  return Verdict::kFragment;
}

FragmentTable::Result FragmentTable::complete(Table::Slot slot) noexcept {
  Datagram& datagram = table_[slot];
  const std::span<std::uint8_t> payload(whole_->data(), datagram.size);
  store_.copy_front(datagram.held, payload);
  const std::uint8_t protocol = datagram.protocol;
  store_.clear(datagram.held);
  table_.erase(slot);
  return {Verdict::kFragment, true, protocol, payload};
}

void FragmentTable::expire(std::int64_t time_ns) noexcept {
  for (int i = 0; i < kExpiredPerFragment; ++i) {
    const Table::Slot slot = table_.oldest();
    if (slot == Table::kNone || !too_old(table_[slot], time_ns)) return;
    give_up(slot);
  }
}

// Times go back in captures; then nothing is too old yet. Unsigned, since a file may hold any two times.
bool FragmentTable::too_old(const Datagram& datagram, std::int64_t time_ns) const noexcept {
  if (time_ns <= datagram.since_ns) return false;
  const auto age = static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(datagram.since_ns);
  return age > static_cast<std::uint64_t>(timeout_ns_);
}

// Its entry stays, to drop what comes late.
Verdict FragmentTable::drop(Datagram& datagram, Verdict why) noexcept {
  store_.clear(datagram.held);
  datagram.octets = 0;
  datagram.size = 0;
  datagram.dropped = true;
  datagram.why = why;
  return why;
}

void FragmentTable::give_up(Table::Slot slot) noexcept {
  Datagram& datagram = table_[slot];
  if (!datagram.dropped) ++ledger_.fragments_evicted;
  store_.clear(datagram.held);
  table_.erase(slot);
}

}  // namespace dataplane
