// A worker's ring of whole frames to somebody who keeps them: octets, one writer, one reader.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "dataplane/event.h"
#include "wire/frame.h"

namespace dataplane {

// All memory comes with construction. A record is a header and the frame's octets, side by side: one that
// would reach across the ring's end begins at its start instead. Neither side ever waits.
class FrameRing {
  static constexpr std::size_t kLeastBytes = 4096;
  // In place of a length: the rest up to the ring's end is empty.
  static constexpr std::uint32_t kSkip = ~std::uint32_t{0};
  struct Header {
    std::uint32_t length;
    std::uint32_t wire_length;
    std::int64_t time_ns;
    wire::LinkType link;
    std::uint16_t unused[3];
  };
  static_assert(sizeof(Header) % 8 == 0 && offsetof(Header, length) == 0,
                "kSkip finds room behind any record");

 public:
  // `bytes`: a power of two.
  explicit FrameRing(std::size_t bytes) : mask_(bytes - 1), bytes_(new std::uint8_t[bytes]) {
    if (!std::has_single_bit(bytes) || bytes < kLeastBytes)
      throw std::invalid_argument("a ring of frames has a power of two of octets, 4096 at least");
  }

  // What a frame of `length` takes. One that takes more than half of the ring may never find room.
  static constexpr std::size_t record_bytes(std::uint32_t length) noexcept {
    return sizeof(Header) + ((std::size_t{length} + 7) & ~std::size_t{7});
  }

  // Writer. Copies the frame, `snap` octets of it at most; false: no room. The reader sees it after
  // publish().
  bool push(const wire::Frame& frame, std::uint32_t snap) noexcept {
    const std::uint32_t length = std::min(frame.length, snap);
    const std::size_t size = record_bytes(length);
    const std::size_t at = claimed_ & mask_;
    const std::size_t skipped = at + size > mask_ + 1 ? mask_ + 1 - at : 0;
    if (!has_room(skipped + size)) return false;
    if (skipped > 0) {
      std::memcpy(&bytes_[at], &kSkip, sizeof kSkip);
      claimed_ += skipped;
    }
    const Header header = {length, frame.wire_length, frame.time_ns, frame.link, {}};
    std::uint8_t* const record = &bytes_[claimed_ & mask_];
    std::memcpy(record, &header, sizeof header);
    std::copy_n(frame.bytes, length, record + sizeof header);  // An empty frame may have no bytes at all.
    claimed_ += size;
    return true;
  }

  // Writer.
  void publish() noexcept { written_.store(claimed_, std::memory_order_release); }

  // Reader. Hands the oldest frames to sink(const wire::Frame&), until about `most` octets were; they are the
  // ring's, for the length of the call. Returns how many frames.
  template <class Sink>
  std::size_t drain(std::size_t most, Sink&& sink) {
    const std::uint64_t begin = read_.load(std::memory_order_relaxed);
    const std::uint64_t end = written_.load(std::memory_order_acquire);
    std::uint64_t at = begin;
    std::size_t frames = 0;
    while (at != end && at - begin < most) {
      Header header;
      std::memcpy(&header.length, &bytes_[at & mask_], sizeof header.length);
      if (header.length == kSkip) {
        at += mask_ + 1 - (at & mask_);
        continue;
      }
      const std::uint8_t* const record = &bytes_[at & mask_];
      std::memcpy(&header, record, sizeof header);
      sink(wire::Frame{record + sizeof header, header.length, header.wire_length, header.time_ns, 0,
                       header.link});
      at += record_bytes(header.length);
      ++frames;
    }
    read_.store(at, std::memory_order_release);
    return frames;
  }

 private:
  bool has_room(std::size_t size) noexcept {
    if (claimed_ + size - read_seen_ <= mask_ + 1) return true;
    read_seen_ = read_.load(std::memory_order_acquire);
    return claimed_ + size - read_seen_ <= mask_ + 1;
  }

  const std::size_t mask_;
  const std::unique_ptr<std::uint8_t[]> bytes_;

  alignas(kCacheLine) std::uint64_t claimed_ = 0;  // writer's
  std::uint64_t read_seen_ = 0;
  alignas(kCacheLine) std::atomic<std::uint64_t> written_{0};
  alignas(kCacheLine) std::atomic<std::uint64_t> read_{0};
};

}  // namespace dataplane
