#include "dataplane/port_queue.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include <rte_ethdev.h>

namespace dataplane {
namespace {

// How long after a frame was received by the NIC or the kernel its worker may get to see it: so far back an
// idle worker still expects frames.
constexpr std::int64_t kStampedSlackNs = 5'000'000;
// An idle worker tells the shards that time passes, but not with every look at an empty queue.
constexpr std::int64_t kIdleStepNs = 200'000;
// A capture file that gives nothing for so long is at its end.
constexpr std::int64_t kEndOfFileNs = 100'000'000;

constexpr std::size_t kPrefetchAhead = 4;
constexpr std::uint64_t kBadChecksum = RTE_MBUF_F_RX_IP_CKSUM_BAD | RTE_MBUF_F_RX_L4_CKSUM_BAD;

// Sums up whether buffers are as they lie in their pool (rte_mbuf_raw_free()): all of one pool, alone and
// whole. Such go back together, without a look at the second cache line of each.
class Plainness {
 public:
  explicit Plainness(const rte_mbuf& first) noexcept : pool_(first.pool) {}

  void add(const rte_mbuf& buffer) noexcept {
    std::uint64_t rearm = 0;
    std::memcpy(&rearm, &buffer.rearm_data, sizeof rearm);
    unlike_ |= (rearm ^ kAloneAndWhole) & kReferencesAndParts;
    unlike_ |= static_cast<std::uint64_t>(buffer.pool != pool_);
    flags_ |= buffer.ol_flags;
  }

  bool all_plain() const noexcept {
    return unlike_ == 0 && (flags_ & (RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL)) == 0;
  }
  std::uint64_t flags() const noexcept { return flags_; }  // of any of them

 private:
  // Of the eight octets from data_off on: refcnt and nb_segs, and both 1.
  static_assert(offsetof(rte_mbuf, refcnt) == offsetof(rte_mbuf, rearm_data) + 2);
  static_assert(offsetof(rte_mbuf, nb_segs) == offsetof(rte_mbuf, rearm_data) + 4);
  static constexpr std::uint64_t kReferencesAndParts = 0x0000'FFFF'FFFF'0000;
  static constexpr std::uint64_t kAloneAndWhole = 0x0000'0001'0001'0000;

  const rte_mempool* pool_;
  std::uint64_t unlike_ = 0;
  std::uint64_t flags_ = 0;
};

bool is_bad(std::uint64_t flags) noexcept {
  return (flags & RTE_MBUF_F_RX_IP_CKSUM_MASK) == RTE_MBUF_F_RX_IP_CKSUM_BAD ||
         (flags & RTE_MBUF_F_RX_L4_CKSUM_MASK) == RTE_MBUF_F_RX_L4_CKSUM_BAD;
}

}  // namespace

PortQueue::PortQueue(const Port& port, unsigned queue, const std::atomic<bool>& stop, OnWindow& on_window)
    : port_(port.id()),
      queue_(static_cast<std::uint16_t>(queue)),
      time_(port.packet_time()),
      stop_(stop),
      on_window_(on_window),
      joined_(std::make_unique<std::array<Joined, kBurstFrames>>()),
      last_frames_ns_(time_.now_ns()),
      frames_to_drain_(2 * port.facts().rx_descriptors) {}

PortQueue::~PortQueue() {
  release();
}

std::span<const wire::Frame> PortQueue::receive() noexcept {
  if (frames_handed_out_ < frames_held_) return next_of_burst();
  release();
  const bool stopping = stop_.load(std::memory_order_relaxed);
  const std::uint16_t count = rte_eth_rx_burst(port_, queue_, buffers_.data(), kBurstFrames);
  if (stopping) {
    frames_to_drain_ -= std::min<std::uint64_t>(frames_to_drain_, count);
    draining_done_ = count == 0 || frames_to_drain_ == 0;
  }
  if (count == 0) return nothing();
  take(count);
  return next_of_burst();
}

void PortQueue::release() noexcept {
  const auto held = static_cast<unsigned>(frames_held_);
  if (held > 0 && all_plain_) {
    rte_mempool_put_bulk(buffers_[0]->pool, reinterpret_cast<void**>(buffers_.data()), held);
  } else {
    rte_pktmbuf_free_bulk(buffers_.data(), held);
  }
  frames_held_ = frames_handed_out_ = 0;
}

void PortQueue::take(std::uint16_t count) noexcept {
  const std::int64_t now_ns = last_frames_ns_ = time_.now_ns();
  for (std::size_t i = 0; i < std::min<std::size_t>(kPrefetchAhead, count); ++i) prefetch_frame(i);
  frames_held_ = count;
  // Frames that nobody stamped have the burst's time, and places one behind the other.
  const std::uint64_t order = time_.stamped() ? 0 : next_order(now_ns);
  Plainness plainness(*buffers_[0]);
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kPrefetchAhead < count) prefetch_frame(i + kPrefetchAhead);
    const rte_mbuf& buffer = *buffers_[i];
    wire::Frame& frame = frames_[i];
    frame.bytes = rte_pktmbuf_mtod(&buffer, const std::uint8_t*);
    frame.length = buffer.data_len;
    frame.wire_length = buffer.pkt_len;
    frame.time_ns = now_ns;
    frame.order = order + i;
    plainness.add(buffer);
  }
  // What few bursts need is not asked of every frame.
  all_plain_ = plainness.all_plain();
  if (!all_plain_) [[unlikely]]
    join_parts();
  if ((plainness.flags() & kBadChecksum) != 0) [[unlikely]]
    count_bad_checksums();
  if (time_.stamped()) {
    for (std::size_t i = 0; i < count; ++i) set_time(frames_[i], time_.of(*buffers_[i], now_ns));
  } else {
    last_order_ = order + count - 1;
  }
}

// Into the second-level cache: on the way to the first more lines than a core can wait for would queue.
void PortQueue::prefetch_frame(std::size_t at) const noexcept {
  rte_prefetch1(rte_pktmbuf_mtod(buffers_[at], const std::uint8_t*));
}

void PortQueue::set_time(wire::Frame& frame, std::int64_t time_ns) noexcept {
  frame.time_ns = time_ns;
  frame.order = last_order_ = next_order(time_ns);
}

// The place of a frame of this time.
std::uint64_t PortQueue::next_order(std::int64_t time_ns) noexcept {
  const auto order = static_cast<std::uint64_t>(std::max<std::int64_t>(time_ns, 0));
  time_went_back_ += time_ns < last_time_ns_;
  last_time_ns_ = time_ns;
  late_ += time_ns < announced_ns_;
  return std::max({order, last_order_ + 1, reached_ + 1});
}

void PortQueue::join_parts() noexcept {
  for (std::size_t i = 0; i < frames_held_; ++i) {
    if (buffers_[i]->nb_segs > 1) frames_[i].bytes = whole_bytes(*buffers_[i], i, frames_[i].length);
  }
}

void PortQueue::count_bad_checksums() noexcept {
  for (std::size_t i = 0; i < frames_held_; ++i) bad_checksum_ += is_bad(buffers_[i]->ol_flags);
}

// A frame in parts is put together as far as its place has room; what is beyond counts as cut off.
const std::uint8_t* PortQueue::whole_bytes(const rte_mbuf& buffer, std::size_t at,
                                           std::uint32_t& length) noexcept {
  Joined& joined = (*joined_)[at];
  length = 0;
  for (const rte_mbuf* part = &buffer; part != nullptr; part = part->next) {
    const std::size_t fits = std::min<std::size_t>(part->data_len, joined.size() - length);
    std::memcpy(joined.data() + length, rte_pktmbuf_mtod(part, const void*), fits);
    length += static_cast<std::uint32_t>(fits);
  }
  return joined.data();
}

void PortQueue::count_into(Ledger& ledger) const noexcept {
  ledger.time_went_back += time_went_back_;
  ledger.late += late_;
  ledger.bad_checksum += bad_checksum_;
}

std::span<const wire::Frame> PortQueue::next_of_burst() noexcept {
  const std::size_t first = frames_handed_out_;
  const std::uint64_t window = packet_window_of(frames_[first].order);
  std::size_t end = frames_held_;
  while (packet_window_of(frames_[end - 1].order) != window) --end;
  frames_handed_out_ = end;
  announced_ns_ = std::max(announced_ns_, frames_[end - 1].time_ns);
  advance_to(frames_[end - 1].order);
  return {&frames_[first], end - first};
}

std::span<const wire::Frame> PortQueue::nothing() noexcept {
  const std::int64_t now_ns = time_.now_ns();
  if (time_.of_a_file()) {
    draining_done_ = draining_done_ || now_ns - last_frames_ns_ > kEndOfFileNs;
    return {};
  }
  const std::int64_t slack_ns = time_.stamped() ? kStampedSlackNs : 0;
  const auto order = static_cast<std::uint64_t>(std::max<std::int64_t>(now_ns - slack_ns, 0));
  if (order < reached_ + kIdleStepNs) return {};
  announced_ns_ = static_cast<std::int64_t>(order);
  advance_to(order);
  return {};
}

void PortQueue::advance_to(std::uint64_t order) noexcept {
  reached_ = order;
  if (const std::uint64_t window = packet_window_of(order); window != window_) {
    on_window_.window_begins(window);
    window_ = window;
  }
}

}  // namespace dataplane
