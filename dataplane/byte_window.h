// A sliding view over a stream: the piece that is in memory, in one reused buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "dataplane/byte_source.h"

namespace dataplane {

// Bytes asked of the source at a time. Half of an L2 of 1 MiB: what read() has copied is still there when it
// is parsed, and the parser's tables have room beside it. bench/capture_reader_bench on an AMD EPYC 9004, in
// M frames per cpu second: 128 KiB 72, 256 KiB 74, 512 KiB 86, 1 MiB 93 (with nothing beside it).
inline constexpr std::size_t kWindowBlockBytes = std::size_t{512} * 1024;

// The longest run of bytes that can be asked for in one piece.
inline constexpr std::size_t kMaxContiguousBytes = std::size_t{512} * 1024;

// To be called at each record. Where the next one begins stands in this one, so no processor looks ahead by
// itself. Two lines, as long as records usually are; to ask for what lies behind the window does no harm.
inline void fetch_ahead_of(const std::uint8_t* record) noexcept {
  constexpr std::size_t kAhead = 1024, kLine = 64;
  __builtin_prefetch(record + kAhead);
  __builtin_prefetch(record + kAhead + kLine);
}

class ByteWindow {
 public:
  explicit ByteWindow(std::unique_ptr<ByteSource> source);

  // The bytes in memory. They stay where they are until the next fill() or skip().
  const std::uint8_t* begin() const noexcept { return begin_; }
  const std::uint8_t* end() const noexcept { return end_; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - begin_); }

  // Where begin() is in the stream, from 0.
  std::uint64_t offset() const noexcept { return end_offset_ - size(); }

  // Goes on to `to`, which is between begin() and end().
  void advance_to(const std::uint8_t* to) noexcept { begin_ = to; }

  // Reads on until there are `wanted` bytes, at most kMaxContiguousBytes. False: the stream ends before.
  bool fill(std::size_t wanted);

  // Passes `bytes` bytes. False: the stream ends before.
  bool skip(std::uint64_t bytes);

  // Why the stream ended too early; empty if it did not end, or rightly.
  const std::string& fault() const { return source_->fault(); }

 private:
  struct Free {
    void operator()(std::uint8_t* buffer) const noexcept { std::free(buffer); }
  };

  bool read_more();
  void move_rest_before_block() noexcept;

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<std::uint8_t[], Free> buffer_;  // room for a rest, then the block that reads go to
  const std::uint8_t* begin_;
  std::uint8_t* end_;
  std::uint64_t end_offset_ = 0;
};

}  // namespace dataplane
