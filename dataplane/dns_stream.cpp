#include "dataplane/dns_stream.h"

#include <algorithm>

namespace dataplane {

namespace {

constexpr std::uint32_t kPrefixOctets = 2;  // the length in front of each message
constexpr std::uint32_t kLookOctets = kPrefixOctets + wire::kDnsHeaderOctets;
constexpr std::uint32_t kMinQuestionOctets = 5;  // root name, type, class

// How far a segment may lie from the octets awaited. More than any stream can hold, less than chance brings
// two connections together.
constexpr std::uint32_t kReachOctets = 1U << 20;

constexpr std::uint32_t u16_at(std::span<const std::uint8_t> octets, std::size_t at) noexcept {
  return (std::uint32_t{octets[at]} << 8) | octets[at + 1];
}

enum class Look : std::uint8_t {
  kBeginning,
  kNoBeginning,
  kTooShort
};

// Could a message begin here, length in front? Each field is held against what RFC 1035 section 4.1.1 and the
// direction allow; of random octets about one in 10^8 passes.
Look look(std::span<const std::uint8_t> octets, const DnsSegment& segment) noexcept {
  if (octets.size() < kPrefixOctets) return Look::kTooShort;
  const std::uint32_t length = u16_at(octets, 0);
  if (length < wire::kDnsHeaderOctets) return Look::kNoBeginning;
  if (octets.size() < kLookOctets) return Look::kTooShort;

  const std::uint32_t flags = u16_at(octets, 4);
  const bool response = flags >> 15;
  const std::uint32_t opcode = (flags >> 11) & 0xF;
  const std::uint32_t rcode = flags & 0xF;
  const std::uint32_t questions = u16_at(octets, 6);
  const std::uint32_t answers = u16_at(octets, 8);
  const std::uint32_t records = answers + u16_at(octets, 10) + u16_at(octets, 12);
  const bool direction = segment.from_server == segment.to_server || response == segment.from_server;
  const bool known_opcode = opcode <= 6 && opcode != 3;  // IANA, DNS OpCodes
  const bool query_empty = response || (rcode == 0 && (opcode != 0 || answers == 0));
  const bool counts = questions <= 1 && questions + records > 0 &&
                      wire::kDnsHeaderOctets + questions * kMinQuestionOctets +
                              std::size_t{records} * wire::kMinRecordOctets <=
                          length;
  return direction && known_opcode && query_empty && counts ? Look::kBeginning : Look::kNoBeginning;
}

void take_front(DnsSegment& segment, std::size_t size) noexcept {
  segment.at += static_cast<std::uint32_t>(size);
  segment.octets = segment.octets.subspan(size);
}

void drop_front_before(DnsSegment& segment, std::uint32_t at) noexcept {
  if (!precedes(segment.at, at)) return;
  take_front(segment, std::min<std::size_t>(at - segment.at, segment.octets.size()));
}

}  // namespace

void DnsStream::open(std::uint32_t at, bool lost, DnsStreamMemory& memory) noexcept {
  memory.octets_lost += memory.store.clear(held_);
  *this = DnsStream{};
  start_ = wanted_ = ready_ = at;
  lost_ = lost;
}

// Its place in the sequence stays known, so that late copies are seen to be old.
void DnsStream::close(DnsStreamMemory& memory) noexcept {
  memory.octets_lost += memory.store.clear(held_);
  if (finished_ && precedes(ready_, fin_)) ready_ = fin_;
  wanted_ = ready_;
  closed_ = true;
  gap_ = false;
}

bool DnsStream::is_near(std::uint32_t at) const noexcept {
  return at - ready_ <= kReachOctets || ready_ - at <= kReachOctets;
}

bool DnsStream::admit(DnsSegment& segment, DnsStreamMemory& memory) noexcept {
  const bool near = is_near(segment.at);
  if (near && !closed_) return true;
  if (near) drop_front_before(segment, ready_);
  if (near && segment.octets.empty()) return false;
  // A connection whose SYN was missed, or a stray segment.
  if (look(segment.octets, segment) != Look::kBeginning) {
    memory.octets_lost += segment.octets.size();
    return false;
  }
  open(segment.at, true, memory);
  return true;
}

DnsStream::Step DnsStream::next(DnsSegment& segment, DnsStreamMemory& memory,
                                DnsStreamMessage& message) noexcept {
  for (;;) {
    if (next_held(memory, message)) return Step::kMessage;
    drop_front_before(segment, ready_);
    if (segment.octets.empty()) return Step::kDone;
    if (lost_ && !find_beginning(segment, memory)) continue;
    if (next_in_segment(segment, message)) return Step::kMessage;
    if (segment.octets.empty()) return Step::kDone;
    if (gap_is_hopeless(segment, memory)) {
      pass_over(has_gap(memory) ? memory.store.next_run(held_, ready_) : segment.at, segment, memory);
    } else if (!hold(segment, memory)) {
      if (memory.store.exhausted()) return Step::kStarved;
      give_way(segment, memory);
    }
  }
}

bool DnsStream::next_in_segment(DnsSegment& segment, DnsStreamMessage& message) noexcept {
  if (segment.at != wanted_ || segment.octets.size() < kPrefixOctets || !held_.empty()) return false;
  const std::size_t size = kPrefixOctets + u16_at(segment.octets, 0);
  if (segment.octets.size() < size) return false;
  message.octets = segment.octets.subspan(kPrefixOctets, size - kPrefixOctets);
  take_front(segment, size);
  wanted_ = ready_ = segment.at;
  return true;
}

bool DnsStream::next_held(DnsStreamMemory& memory, DnsStreamMessage& message) noexcept {
  std::uint32_t after = 0;
  if (ready_ == wanted_ || lost_ || !next_known(memory, after) || precedes(ready_, after)) return false;
  const std::span<std::uint8_t> octets(memory.message.data(), after - wanted_);
  memory.store.copy_front(held_, octets);
  memory.store.drop_before(held_, after);
  wanted_ = after;
  message.octets = octets.subspan(kPrefixOctets);
  return true;
}

// The place behind the message at `wanted_`, if its length is there.
bool DnsStream::next_known(const DnsStreamMemory& memory, std::uint32_t& at) const noexcept {
  if (ready_ - wanted_ < kPrefixOctets) return false;
  std::array<std::uint8_t, kPrefixOctets> prefix;
  memory.store.copy_front(held_, prefix);
  at = wanted_ + kPrefixOctets + u16_at(prefix, 0);
  return true;
}

// Senders write a message with its length in front, at the beginning of a segment (RFC 7766 section 8), or
// the length in a segment of its own: hence what is held while lost, too little to judge by, may be the
// beginning.
bool DnsStream::find_beginning(DnsSegment& segment, DnsStreamMemory& memory) noexcept {
  if (!held_.empty()) {
    std::array<std::uint8_t, kLookOctets> octets;
    const std::size_t before = copy_ready(octets, memory);
    const std::size_t more = std::min(octets.size() - before, segment.octets.size());
    std::copy_n(segment.octets.begin(), more, octets.begin() + static_cast<std::ptrdiff_t>(before));
    const Look found = look(std::span(octets).first(before + more), segment);
    if (segment.at == ready_ && found != Look::kNoBeginning) {
      lost_ = found == Look::kTooShort;
      return true;
    }
  }
  skip_to(segment.at, memory);
  const Look found = look(segment.octets, segment);
  lost_ = found != Look::kBeginning;
  if (found == Look::kNoBeginning) skip_to(segment.end, memory);
  return found != Look::kNoBeginning;
}

bool DnsStream::hold(DnsSegment& segment, DnsStreamMemory& memory) noexcept {
  const bool fills = segment.at == ready_;
  take_front(segment, memory.store.add(held_, segment.at, segment.octets));
  if (fills) {
    ready_ = memory.store.run_end(held_, wanted_);
    gap_ = false;  // What is behind the next one has waited for this one, too: its time begins now.
  }
  return segment.octets.empty();
}

bool DnsStream::has_gap(const DnsStreamMemory& memory) const noexcept {
  return !held_.empty() && memory.store.end(held_) != ready_;
}

// Times go back in captures; then no gap is too old. Unsigned, since a file may hold any two times.
bool DnsStream::gap_is_hopeless(const DnsSegment& segment, const DnsStreamMemory& memory) const noexcept {
  if (snapped_) return has_gap(memory) || segment.at != ready_;
  if (!gap_ || segment.time_ns <= gap_since_ns_) return false;
  const auto age = static_cast<std::uint64_t>(segment.time_ns) - static_cast<std::uint64_t>(gap_since_ns_);
  return has_gap(memory) && age > static_cast<std::uint64_t>(memory.gap_timeout_ns);
}

void DnsStream::give_way(const DnsSegment& segment, DnsStreamMemory& memory) noexcept {
  pass_over(has_gap(memory) ? memory.store.next_run(held_, ready_) : segment.at, segment, memory);
}

// What is missing before `to` will not come, or not in time. If the message that lacks it reaches beyond, its
// length tells where the next one begins.
void DnsStream::pass_over(std::uint32_t to, const DnsSegment& segment, DnsStreamMemory& memory) noexcept {
  std::uint32_t after = 0;
  const bool known = !lost_ && next_known(memory, after) && !precedes(after, to);
  lost_ = !known;
  gap_ = false;
  skip_to(known ? after : to, memory);
  if (lost_) find_beginning_in_held(segment, memory);
}

// Runs of held octets begin where a segment began.
void DnsStream::find_beginning_in_held(const DnsSegment& segment, DnsStreamMemory& memory) noexcept {
  while (!held_.empty()) {
    skip_to(memory.store.begin(held_), memory);
    std::array<std::uint8_t, kLookOctets> octets;
    const Look found = look(std::span(octets).first(copy_ready(octets, memory)), segment);
    lost_ = found != Look::kBeginning;
    if (!lost_ || (found == Look::kTooShort && !has_gap(memory))) return;
    skip_to(ready_, memory);
  }
}

// Those from `wanted_` on that are held without a gap, at most as many as there is room for.
std::size_t DnsStream::copy_ready(std::span<std::uint8_t> to, const DnsStreamMemory& memory) const noexcept {
  const std::size_t size = std::min<std::size_t>(to.size(), ready_ - wanted_);
  memory.store.copy_front(held_, to.first(size));
  return size;
}

void DnsStream::skip_to(std::uint32_t at, DnsStreamMemory& memory) noexcept {
  memory.octets_lost += at - wanted_;
  memory.store.drop_before(held_, at);
  wanted_ = at;
  ready_ = memory.store.run_end(held_, at);
}

bool DnsStream::finish(const DnsSegment& segment, DnsStreamMemory& memory,
                       DnsStreamMessage& message) noexcept {
  const bool cut_message = segment.cut && finish_cut(segment, memory, message);
  const bool gap = has_gap(memory);
  if (gap && !gap_) gap_since_ns_ = segment.time_ns;
  gap_ = gap;
  if (segment.fin && !precedes(segment.end, ready_)) {
    finished_ = true;
    fin_ = segment.end;
  }
  if (finished_ && !precedes(ready_, fin_)) close(memory);
  return cut_message;
}

bool DnsStream::finish_cut(const DnsSegment& segment, DnsStreamMemory& memory,
                           DnsStreamMessage& message) noexcept {
  snapped_ = true;
  if (lost_ || ready_ != segment.end) return false;
  std::uint32_t after = 0;
  if (!next_known(memory, after)) {
    pass_over(ready_, segment, memory);
    return false;
  }
  const std::span<std::uint8_t> octets(memory.message.data(), ready_ - wanted_);
  memory.store.copy_front(held_, octets);
  skip_to(after, memory);
  message.octets = octets.subspan(kPrefixOctets);
  message.cut = true;
  return message.octets.size() >= wire::kDnsHeaderOctets;
}

}  // namespace dataplane
