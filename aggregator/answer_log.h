// Where open answers are kept: in arrival order, one entry for each address of an answer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "aggregator/huge_array.h"
#include "wire/address.h"

namespace aggregator {

// What a SYN must show to belong to an answer. Correlation by address leaves the client zero.
struct PairKey {
  wire::Address client;
  wire::Address address;

  friend bool operator==(const PairKey&, const PairKey&) = default;
};

// For later >= earlier. Times from a file may be any 64 bits, so their difference may need all of them.
inline std::uint64_t nanoseconds_between(std::int64_t earlier, std::int64_t later) noexcept {
  return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
}

inline constexpr std::uint32_t kNoAnswer = (1 << 24) - 1;

// The answers of one key form a chain from the oldest to the newest, by arrival. The chain's own fields are
// kept in its oldest entry, which is the one that the index knows.
struct alignas(64) OpenAnswer {
  PairKey key;
  std::int64_t time_ns;
  std::int64_t skipped_at_ns;  // of the chain: see `start`
  std::uint32_t number;        // of the answer in its partition, from 1; entries of one answer share it
  std::uint32_t newer : 24;    // of the same key
  std::uint32_t linked : 1;    // in its key's chain
  std::uint32_t taken : 1;     // a SYN was given to the answer
  std::uint32_t oldest : 1;    // of its chain, and linked: the one that the index knows
  std::uint32_t newest_is_latest : 1;  // of the chain: no entry has a later time than the newest
  std::uint32_t begins : 1;            // the entry before it is of another answer
  std::uint32_t goes_on : 1;           // the next one was of the same, when it was written
  std::uint32_t unused : 2;            // written all the same, so that the word is, without being read
  std::uint32_t newest : 24;           // of the chain
  std::uint32_t length : 8;            // of the chain
  std::uint32_t start : 24;            // of the chain: those before are taken, or expired at skipped_at_ns
};
static_assert(sizeof(OpenAnswer) == 64, "a lookup that hits costs one cache line here");

// Each partition writes a ring of blocks. The block that follows is used again if all in it is older than
// `keep_ns` and the most that the partition's time went back so far; otherwise the ring gets another block,
// up to the partition's capacity, and from then on its oldest entries make room. So memory follows the rate,
// and a quiet partition costs one block.
class AnswerLog {
 public:
  static constexpr std::uint32_t kBlockAnswers = 256;

  // Throws std::runtime_error if the capacity is more than 24 bits can address.
  AnswerLog(unsigned partitions, std::size_t answers_per_partition, std::int64_t keep_ns);

  OpenAnswer& operator[](std::uint32_t place) noexcept { return answers_[place]; }

  // To be told the time of each answer and SYN.
  void note_time(unsigned partition, std::int64_t time_ns) noexcept {
    Ring& ring = rings_[partition];
    ring.latest_ns = std::max(ring.latest_ns, time_ns);
    ring.went_back_ns = std::max(ring.went_back_ns, nanoseconds_between(time_ns, ring.latest_ns));
  }

  // The place for one more answer of the partition, `now_ns` being its time. What is there still is the
  // partition's oldest entry and must be unlinked by the caller; an unused entry is all zero.
  std::uint32_t next_place(unsigned partition, std::int64_t now_ns) noexcept;

  // The place that the partition comes to `steps` places after its last, or the last of its block; for
  // prefetching. The partition must have a last place.
  std::uint32_t upcoming(unsigned partition, std::uint32_t steps) const noexcept {
    const std::uint32_t last = rings_[partition].last;
    return std::min(last + steps, last | (kBlockAnswers - 1));
  }

  // Neighbours in order of arrival.
  std::uint32_t before(std::uint32_t place) const noexcept;
  std::uint32_t after(std::uint32_t place) const noexcept;

  std::size_t bytes() const noexcept { return blocks_used_ * kBlockAnswers * sizeof(OpenAnswer); }
  std::size_t capacity() const noexcept { return blocks_.size() * kBlockAnswers; }

 private:
  struct Block {
    std::uint32_t previous;
    std::uint32_t next;
    std::int64_t latest_ns;  // of the times written since the block was last begun
  };
  struct Ring {
    std::uint32_t last = kNoAnswer;  // place written last
    std::uint32_t blocks = 0;
    std::int64_t latest_ns = std::numeric_limits<std::int64_t>::min();
    std::uint64_t went_back_ns = 0;  // at most, behind latest_ns
  };

  std::uint32_t next_block(Ring& ring, std::int64_t now_ns) noexcept;
  std::uint32_t add_block(Ring& ring) noexcept;
  bool idle(const Block& block, const Ring& ring, std::int64_t now_ns) const noexcept;

  std::uint32_t blocks_per_partition_;
  std::int64_t keep_ns_;
  std::uint32_t blocks_used_ = 0;
  std::vector<Ring> rings_;
  std::vector<Block> blocks_;
  HugeArray<OpenAnswer> answers_;
};

}  // namespace aggregator
