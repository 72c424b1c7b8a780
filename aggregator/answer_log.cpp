#include "aggregator/answer_log.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace aggregator {
namespace {

std::size_t blocks_for(std::size_t answers) noexcept {
  return std::max<std::size_t>(1, (answers + AnswerLog::kBlockAnswers - 1) / AnswerLog::kBlockAnswers);
}

std::size_t checked_blocks(unsigned partitions, std::size_t answers_per_partition) {
  const std::size_t blocks = blocks_for(answers_per_partition) * partitions;
  if (blocks * AnswerLog::kBlockAnswers >= kNoAnswer) {
    throw std::runtime_error("room for " + std::to_string(blocks * AnswerLog::kBlockAnswers) +
                             " open answers is too much; the most is " + std::to_string(kNoAnswer - 1) + ".");
  }
  return blocks;
}

}  // namespace

AnswerLog::AnswerLog(unsigned partitions, std::size_t answers_per_partition, std::int64_t keep_ns)
    : blocks_per_partition_(static_cast<std::uint32_t>(blocks_for(answers_per_partition))),
      keep_ns_(keep_ns),
      rings_(partitions),
      blocks_(checked_blocks(partitions, answers_per_partition)),
      answers_(blocks_.size() * kBlockAnswers) {}

std::uint32_t AnswerLog::next_place(unsigned partition, std::int64_t now_ns) noexcept {
  Ring& ring = rings_[partition];
  if (ring.last == kNoAnswer || (ring.last + 1) % kBlockAnswers == 0) {
    const std::uint32_t block = next_block(ring, now_ns);
    blocks_[block].latest_ns = now_ns;
    ring.last = block * kBlockAnswers;
  } else {
    std::int64_t& latest_ns = blocks_[ring.last / kBlockAnswers].latest_ns;
    latest_ns = std::max(latest_ns, now_ns);
    ++ring.last;
  }
  return ring.last;
}

std::uint32_t AnswerLog::before(std::uint32_t place) const noexcept {
  if (place % kBlockAnswers != 0) return place - 1;
  return blocks_[place / kBlockAnswers].previous * kBlockAnswers + kBlockAnswers - 1;
}

std::uint32_t AnswerLog::after(std::uint32_t place) const noexcept {
  if ((place + 1) % kBlockAnswers != 0) return place + 1;
  return blocks_[place / kBlockAnswers].next * kBlockAnswers;
}

std::uint32_t AnswerLog::next_block(Ring& ring, std::int64_t now_ns) noexcept {
  if (ring.last == kNoAnswer) return add_block(ring);
  const std::uint32_t next = blocks_[ring.last / kBlockAnswers].next;
  if (ring.blocks == blocks_per_partition_ || idle(blocks_[next], ring, now_ns)) return next;
  return add_block(ring);
}

std::uint32_t AnswerLog::add_block(Ring& ring) noexcept {
  const std::uint32_t block = blocks_used_++;
  ++ring.blocks;
  if (ring.last == kNoAnswer) {
    blocks_[block] = {.previous = block, .next = block, .latest_ns = 0};
    return block;
  }
  const std::uint32_t current = ring.last / kBlockAnswers;
  const std::uint32_t next = blocks_[current].next;
  blocks_[block] = {.previous = current, .next = next, .latest_ns = 0};
  blocks_[next].previous = block;
  blocks_[current].next = block;
  return block;
}

bool AnswerLog::idle(const Block& block, const Ring& ring, std::int64_t now_ns) const noexcept {
  if (now_ns <= block.latest_ns) return false;
  const std::uint64_t age = nanoseconds_between(block.latest_ns, now_ns);
  const auto keep = static_cast<std::uint64_t>(keep_ns_);
  return age > keep && age - keep > ring.went_back_ns;
}

}  // namespace aggregator
