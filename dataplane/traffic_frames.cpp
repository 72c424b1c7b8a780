#include "dataplane/traffic_frames.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <sys/mman.h>

#include "dataplane/event.h"
#include "dataplane/traffic/flood.h"

namespace dataplane {
namespace {

using traffic::Mix;

bool comes_from_everywhere(Mix mix) noexcept {
  return mix == Mix::kSynFlood || mix == Mix::kDnsFlood;
}

// A frame that is lent has its octets outside of the buffer.
std::uint16_t room_of(const TrafficSettings& settings) noexcept {
  return static_cast<std::uint16_t>(RTE_PKTMBUF_HEADROOM + (settings.lent ? 0 : traffic::kLargestFrame));
}

std::size_t buffers_of(const TrafficSettings& settings) noexcept {
  return settings.lent ? TrafficSettings::kLentBuffers : settings.frames;
}

std::size_t buffer_bytes(const TrafficSettings& settings) noexcept {
  return sizeof(rte_mbuf) + room_of(settings);
}

// DPDK wants a name of its own for each pool.
std::string next_pool_name() {
  static std::atomic<unsigned> pools{0};
  return "tapline_traffic_" + std::to_string(pools++);
}

// Ones' complement sums, RFC 1071.
std::uint16_t load_u16(const std::uint8_t* at) noexcept {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}
void store_u16(std::uint8_t* at, std::uint32_t value) noexcept {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}
void add_u16(std::uint8_t* at, std::uint32_t addend) noexcept {
  std::uint32_t sum = load_u16(at) + addend;
  sum = (sum & 0xFFFF) + (sum >> 16);
  store_u16(at, (sum & 0xFFFF) + (sum >> 16));
}

// Of an untagged IPv4 frame with a header of 20 octets.
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kIdentificationAt = 14 + 4;
constexpr std::size_t kProtocolAt = 14 + 9;
constexpr std::size_t kSourceAt = 14 + 12;
constexpr std::size_t kTransportAt = 14 + 20;
constexpr std::size_t kDnsIdAt = kTransportAt + 8;
constexpr std::size_t kTcpSequenceLowAt = kTransportAt + 6;
constexpr std::uint8_t kTcp = 6;

// Another source, and both checksums stay right: what the address adds, the identification of the datagram
// and the one of the message or the sequence number take away.
void set_source(std::uint8_t* frame, std::uint32_t source) noexcept {
  const std::uint32_t before = load_u16(frame + kSourceAt) + load_u16(frame + kSourceAt + 2);
  const std::uint32_t after = (source >> 16) + (source & 0xFFFF);
  const std::uint32_t difference = before + 2 * 0xFFFF - after;  // modulo FFFF, and not below zero
  const std::uint32_t folded = (difference & 0xFFFF) + (difference >> 16);
  store_u16(frame + kSourceAt, source >> 16);
  store_u16(frame + kSourceAt + 2, source & 0xFFFF);
  add_u16(frame + kIdentificationAt, folded);
  add_u16(frame + (frame[kProtocolAt] == kTcp ? kTcpSequenceLowAt : kDnsIdAt), folded);
}

}  // namespace

TrafficFrames::TrafficFrames(const TrafficSettings& settings)
    : is_flood_(comes_from_everywhere(settings.mix)),
      next_source_(static_cast<std::uint32_t>(settings.seed * settings.frames % traffic::kFloodSources)) {
  rte_pktmbuf_pool_private room{};
  room.mbuf_data_room_size = room_of(settings);
  // Without a cache in front of it the pool is a queue, and all buffers have their turn.
  pool_ = rte_mempool_create(next_pool_name().c_str(), static_cast<unsigned>(buffers_of(settings)),
                             static_cast<unsigned>(buffer_bytes(settings)), 0, sizeof room,
                             rte_pktmbuf_pool_init, &room, rte_pktmbuf_init, nullptr,
                             static_cast<int>(SOCKET_ID_ANY), RTE_MEMPOOL_F_SP_PUT | RTE_MEMPOOL_F_SC_GET);
  if (pool_ == nullptr) {
    throw std::runtime_error("no memory for generated frames: " + std::string(rte_strerror(rte_errno)) +
                             ". Fewer workers take less.");
  }
  if (settings.lent) {
    make_lent(settings);
  } else {
    fill_buffers(settings);
  }
}

TrafficFrames::~TrafficFrames() {
  rte_mempool_free(pool_);
}

// Each frame begins on a cache line, as a NIC would write it.
void TrafficFrames::make_lent(const TrafficSettings& settings) {
  traffic::Trace trace(settings.mix, settings.seed, traffic::kDefaultSnap, settings.plain_size);
  std::vector<std::uint8_t> octets;
  std::uint64_t on_wire = 0;
  for (std::size_t i = 0; i < settings.frames; ++i) {
    const traffic::TraceFrame frame = trace.next();
    lent_.push_back({static_cast<std::uint32_t>(octets.size()),
                     static_cast<std::uint16_t>(frame.bytes.size()),
                     static_cast<std::uint16_t>(frame.wire_length)});
    octets.insert(octets.end(), frame.bytes.begin(), frame.bytes.end());
    octets.resize((octets.size() + kCacheLine - 1) / kCacheLine * kCacheLine);
    on_wire += frame.wire_length;
  }
  mean_octets_ = static_cast<double>(on_wire) / static_cast<double>(settings.frames);
  const std::size_t bytes = (octets.size() + kHugePage - 1) / kHugePage * kHugePage;
  octets_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(kHugePage, bytes)));
  if (octets_ == nullptr) throw std::bad_alloc();
  madvise(octets_.get(), bytes, MADV_HUGEPAGE);  // Only advice: may fail.
  std::ranges::copy(octets, octets_.get());
}

void TrafficFrames::fill_buffers(const TrafficSettings& settings) {
  std::vector<void*> buffers(settings.frames);
  rte_mempool_get_bulk(pool_, buffers.data(), static_cast<unsigned>(buffers.size()));
  traffic::Trace trace(settings.mix, settings.seed, traffic::kLargestFrame, settings.plain_size);
  std::uint64_t on_wire = 0;
  for (void* const at : buffers) {
    const traffic::TraceFrame frame = trace.next();
    auto& buffer = *static_cast<rte_mbuf*>(at);
    std::ranges::copy(frame.bytes, rte_pktmbuf_mtod(&buffer, std::uint8_t*));
    buffer.data_len = static_cast<std::uint16_t>(frame.bytes.size());
    buffer.pkt_len = frame.wire_length;
    on_wire += frame.wire_length;
  }
  mean_octets_ = static_cast<double>(on_wire) / static_cast<double>(buffers.size());
  rte_mempool_put_bulk(pool_, buffers.data(), static_cast<unsigned>(buffers.size()));
}

bool TrafficFrames::take(std::span<rte_mbuf*> frames) noexcept {
  void** const buffers = reinterpret_cast<void**>(frames.data());
  if (rte_mempool_get_bulk(pool_, buffers, static_cast<unsigned>(frames.size())) != 0) return false;
  if (!lent_.empty()) {
    for (rte_mbuf* const buffer : frames) lend(*buffer);
  }
  if (is_flood_) {
    for (rte_mbuf* const buffer : frames) vary(*buffer);
  }
  return true;
}

// What a NIC and its driver write into a buffer, and where it lies.
void TrafficFrames::lend(rte_mbuf& buffer) noexcept {
  const Lent& frame = lent_[next_];
  next_ = next_ + 1 == lent_.size() ? 0 : next_ + 1;
  buffer.buf_addr = octets_.get() + frame.at;
  buffer.data_off = 0;
  buffer.data_len = frame.length;
  buffer.pkt_len = frame.wire_length;
}

void TrafficFrames::vary(rte_mbuf& buffer) noexcept {
  next_source_ = next_source_ + 1 == traffic::kFloodSources ? 0 : next_source_ + 1;
  set_source(rte_pktmbuf_mtod(&buffer, std::uint8_t*), traffic::flood_source(next_source_));
}

std::uint64_t traffic_bytes(const TrafficSettings& settings, std::uint64_t queues) {
  const std::size_t with_header = buffer_bytes(settings) + 2 * RTE_CACHE_LINE_SIZE;
  return queues * buffers_of(settings) * with_header;
}

}  // namespace dataplane
