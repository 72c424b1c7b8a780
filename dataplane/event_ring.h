// A worker's ring to one shard: single producer, single consumer, events written and read in place.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>

#include "dataplane/event.h"

namespace dataplane {

inline constexpr std::uint64_t kFinished = std::numeric_limits<std::uint64_t>::max();

// One thread calls the producer's functions, one thread the consumer's. Each side keeps a copy of the other's
// index and looks again only when the ring seems full or empty, so many events share one trip between the
// cores.
class EventRing {
 public:
  explicit EventRing(std::size_t slots) : mask_(slots - 1), slots_(new Event[slots]) {
    if (!std::has_single_bit(slots)) throw std::invalid_argument("a ring has a power of two of slots");
  }

  // Producer. The next free slot, or null when full. The consumer sees it after publish().
  Event* claim() noexcept {
    if (claimed_ - read_seen_ > mask_) {
      read_seen_ = read_.load(std::memory_order_acquire);
      if (claimed_ - read_seen_ > mask_) return nullptr;
    }
    return &slots_[claimed_++ & mask_];
  }

  // Producer. Hands over what was claimed and announces that no event with an order up to `order` will
  // follow.
  void publish(std::uint64_t order) noexcept {
    written_.store(claimed_, std::memory_order_release);
    announced_.store(order, std::memory_order_release);
  }

  // Consumer. What was announced; read it before readable(): if that is then empty, all up to here has been
  // read.
  std::uint64_t announced() const noexcept { return announced_.load(std::memory_order_acquire); }

  // Consumer. The oldest events, as many as lie side by side; they stay until release().
  std::span<const Event> readable() noexcept {
    const std::uint64_t read = read_.load(std::memory_order_relaxed);
    if (read == written_seen_) written_seen_ = written_.load(std::memory_order_acquire);
    const std::size_t first = read & mask_;
    const std::size_t count = written_seen_ - read;
    const std::size_t to_end = mask_ + 1 - first;
    return {&slots_[first], count < to_end ? count : to_end};
  }

  // Consumer.
  void release(std::size_t events) noexcept {
    read_.store(read_.load(std::memory_order_relaxed) + events, std::memory_order_release);
  }

  // Both sides, when one thread plays both and the ring is empty: starts again at the first slot, which is
  // still in the nearest cache.
  void rewind() noexcept {
    if (read_.load(std::memory_order_relaxed) != claimed_) return;
    claimed_ = read_seen_ = written_seen_ = 0;
    written_.store(0, std::memory_order_relaxed);
    read_.store(0, std::memory_order_relaxed);
  }

 private:
  const std::size_t mask_;
  const std::unique_ptr<Event[]> slots_;

  alignas(kCacheLine) std::uint64_t claimed_ = 0;  // producer's
  std::uint64_t read_seen_ = 0;
  alignas(kCacheLine) std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> announced_{0};
  alignas(kCacheLine) std::atomic<std::uint64_t> read_{0};
  std::uint64_t written_seen_ = 0;  // consumer's
};

}  // namespace dataplane
