// Octets that came before those that they belong behind, in blocks of one pool.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace dataplane {

// True if `a` comes before `b` in a sequence space that wraps (RFC 9293 section 3.4).
inline bool precedes(std::uint32_t a, std::uint32_t b) noexcept {
  return static_cast<std::int32_t>(a - b) < 0;
}

// What the store holds of one sequence. Belongs to its owner, who must clear() it before forgetting it.
struct HeldOctets {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t first = kNone;  // blocks in ascending order, never overlapping
  std::uint32_t last = kNone;
  std::uint32_t blocks = 0;

  bool empty() const noexcept { return first == kNone; }
};

// One thread. All memory comes with construction. The octets of a sequence are numbered, modulo 2^32, and lie
// within 2^31 of one another. The work of a call is bounded by the blocks of one sequence.
class OctetStore {
 public:
  static constexpr std::size_t kBlockBytes = 2048;  // a full Ethernet segment fits into one

  enum class Join : bool {
    kNo,  // each add() starts a block, so that holds_exactly() can tell them apart
    kYes  // neighbours share blocks
  };

  // `blocks` in all, at most `blocks_each` for one sequence.
  OctetStore(std::uint32_t blocks, std::uint32_t blocks_each, Join join);

  // Copies in those octets that are not held yet; what is held stays as it is. Returns how many of `octets`,
  // from the front, are now held: fewer than all if the blocks ran out.
  std::size_t add(HeldOctets& held, std::uint32_t at, std::span<const std::uint8_t> octets) noexcept;

  bool overlaps(const HeldOctets& held, std::uint32_t at, std::size_t size) const noexcept;
  // One earlier add() had this very place, size and content. Needs Join::kNo.
  bool holds_exactly(const HeldOctets& held, std::uint32_t at,
                     std::span<const std::uint8_t> octets) const noexcept;

  // Of a sequence that is not empty.
  std::uint32_t begin(const HeldOctets& held) const noexcept { return blocks_[held.first].at; }
  std::uint32_t end(const HeldOctets& held) const noexcept { return end_of(held.last); }
  // The end of the octets held without a gap from `at` on, which is the beginning or before it; else `at`.
  std::uint32_t run_end(const HeldOctets& held, std::uint32_t at) const noexcept;
  // Where the octets begin again after `at`, up to which they are held or missing; only with such octets.
  std::uint32_t next_run(const HeldOctets& held, std::uint32_t at) const noexcept;
  // Copies the first octets, which are held without a gap.
  void copy_front(const HeldOctets& held, std::span<std::uint8_t> to) const noexcept;

  // Both return how many octets they dropped.
  std::size_t drop_before(HeldOctets& held, std::uint32_t at) noexcept;
  std::size_t clear(HeldOctets& held) noexcept;

  bool exhausted() const noexcept { return free_ == HeldOctets::kNone && blocks_.size() == most_blocks_; }

 private:
  struct Block {
    std::uint32_t next;
    std::uint32_t at;     // number of the first octet
    std::uint16_t begin;  // octets before it were dropped
    std::uint16_t size;
    bool starts;  // an add() began here
    std::array<std::uint8_t, kBlockBytes - 13> octets;
  };
  static_assert(sizeof(Block) == kBlockBytes);

  std::uint32_t end_of(std::uint32_t block) const noexcept { return blocks_[block].at + blocks_[block].size; }
  std::uint32_t place_before(const HeldOctets& held, std::uint32_t at) const noexcept;
  std::uint32_t block_for(HeldOctets& held, std::uint32_t before, std::uint32_t at, bool starts) noexcept;
  std::size_t write(HeldOctets& held, std::uint32_t& before, std::uint32_t at,
                    std::span<const std::uint8_t> octets, bool starts) noexcept;
  void release_first(HeldOctets& held) noexcept;

  std::uint32_t take_free() noexcept;

  std::vector<Block>
      blocks_;  // set aside in the constructor, touched when first used; never grows beyond that
  std::size_t most_blocks_;
  std::uint32_t free_ = HeldOctets::kNone;
  std::uint32_t blocks_each_;
  Join join_;
};

}  // namespace dataplane
