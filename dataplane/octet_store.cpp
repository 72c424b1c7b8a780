#include "dataplane/octet_store.h"

#include <algorithm>
#include <cstring>

namespace dataplane {

namespace {
constexpr std::uint32_t kNone = HeldOctets::kNone;
}  // namespace

OctetStore::OctetStore(std::uint32_t blocks, std::uint32_t blocks_each, Join join)
    : most_blocks_(blocks), blocks_each_(blocks_each), join_(join) {
  blocks_.reserve(blocks);
}

// The last block that begins at or before `at`. Octets mostly come in order, so the last block is tried
// first.
std::uint32_t OctetStore::place_before(const HeldOctets& held, std::uint32_t at) const noexcept {
  if (held.empty() || precedes(at, blocks_[held.first].at)) return kNone;
  if (!precedes(at, blocks_[held.last].at)) return held.last;
  std::uint32_t block = held.first;
  while (!precedes(at, blocks_[blocks_[block].next].at)) block = blocks_[block].next;
  return block;
}

std::size_t OctetStore::add(HeldOctets& held, std::uint32_t at,
                            std::span<const std::uint8_t> octets) noexcept {
  std::uint32_t before = place_before(held, at);
  std::size_t done = 0;
  while (done < octets.size()) {
    const auto here = static_cast<std::uint32_t>(at + done);
    const std::size_t left = octets.size() - done;
    if (before != kNone && precedes(here, end_of(before))) {
      done += std::min<std::size_t>(left, end_of(before) - here);
      continue;
    }
    const std::uint32_t after = before == kNone ? held.first : blocks_[before].next;
    const std::size_t room = after == kNone ? left : std::min<std::size_t>(left, blocks_[after].at - here);
    if (room == 0) {
      before = after;
      continue;
    }
    const std::size_t written = write(held, before, here, octets.subspan(done, room), done == 0);
    done += written;
    if (written < room) break;
  }
  return done;
}

std::size_t OctetStore::write(HeldOctets& held, std::uint32_t& before, std::uint32_t at,
                              std::span<const std::uint8_t> octets, bool starts) noexcept {
  std::size_t done = 0;
  while (done < octets.size()) {
    const std::uint32_t number =
        block_for(held, before, static_cast<std::uint32_t>(at + done), starts && done == 0);
    if (number == kNone) break;
    Block& block = blocks_[number];
    const std::size_t used = std::size_t{block.begin} + block.size;
    const std::size_t size = std::min(octets.size() - done, block.octets.size() - used);
    std::memcpy(block.octets.data() + used, octets.data() + done, size);
    block.size = static_cast<std::uint16_t>(block.size + size);
    done += size;
    before = number;
  }
  return done;
}

// A block with room for the octet `at`: the one before it, or a new one behind that.
std::uint32_t OctetStore::block_for(HeldOctets& held, std::uint32_t before, std::uint32_t at,
                                    bool starts) noexcept {
  if (join_ == Join::kYes && before != kNone && end_of(before) == at &&
      std::size_t{blocks_[before].begin} + blocks_[before].size < blocks_[before].octets.size()) {
    return before;
  }
  if (exhausted() || held.blocks == blocks_each_) return kNone;
  const std::uint32_t number = take_free();
  Block& block = blocks_[number];
  std::uint32_t& link = before == kNone ? held.first : blocks_[before].next;
  block.next = link;
  link = number;
  if (block.next == kNone) held.last = number;
  ++held.blocks;
  block.at = at;
  block.begin = 0;
  block.size = 0;
  block.starts = starts;
  return number;
}

std::uint32_t OctetStore::take_free() noexcept {
  if (free_ == kNone) {
    blocks_.emplace_back();
    return static_cast<std::uint32_t>(blocks_.size() - 1);
  }
  const std::uint32_t number = free_;
  free_ = blocks_[number].next;
  return number;
}

bool OctetStore::overlaps(const HeldOctets& held, std::uint32_t at, std::size_t size) const noexcept {
  const std::uint32_t before = place_before(held, at);
  if (before != kNone && precedes(at, end_of(before))) return true;
  const std::uint32_t after = before == kNone ? held.first : blocks_[before].next;
  return after != kNone && precedes(blocks_[after].at, static_cast<std::uint32_t>(at + size));
}

bool OctetStore::holds_exactly(const HeldOctets& held, std::uint32_t at,
                               std::span<const std::uint8_t> octets) const noexcept {
  std::uint32_t number = place_before(held, at);
  for (bool first = true; !octets.empty(); first = false) {
    if (number == kNone) return false;
    const Block& block = blocks_[number];
    if (block.at != at || block.starts != first || block.size > octets.size()) return false;
    if (std::memcmp(block.octets.data(), octets.data(), block.size) != 0) return false;
    at += block.size;
    octets = octets.subspan(block.size);
    number = block.next;
  }
  return number == kNone || blocks_[number].starts;
}

std::uint32_t OctetStore::run_end(const HeldOctets& held, std::uint32_t at) const noexcept {
  for (std::uint32_t block = held.first; block != kNone && blocks_[block].at == at;
       block = blocks_[block].next) {
    at = end_of(block);
  }
  return at;
}

std::uint32_t OctetStore::next_run(const HeldOctets& held, std::uint32_t at) const noexcept {
  std::uint32_t block = held.first;
  while (precedes(blocks_[block].at, at)) block = blocks_[block].next;
  return blocks_[block].at;
}

void OctetStore::copy_front(const HeldOctets& held, std::span<std::uint8_t> to) const noexcept {
  for (std::uint32_t number = held.first; !to.empty(); number = blocks_[number].next) {
    const Block& block = blocks_[number];
    const std::size_t size = std::min<std::size_t>(block.size, to.size());
    std::memcpy(to.data(), block.octets.data() + block.begin, size);
    to = to.subspan(size);
  }
}

std::size_t OctetStore::drop_before(HeldOctets& held, std::uint32_t at) noexcept {
  std::size_t dropped = 0;
  while (!held.empty() && !precedes(at, end_of(held.first))) {
    dropped += blocks_[held.first].size;
    release_first(held);
  }
  if (!held.empty() && precedes(blocks_[held.first].at, at)) {
    Block& block = blocks_[held.first];
    const auto size = static_cast<std::uint16_t>(at - block.at);
    block.begin = static_cast<std::uint16_t>(block.begin + size);
    block.size = static_cast<std::uint16_t>(block.size - size);
    block.at = at;
    dropped += size;
  }
  return dropped;
}

std::size_t OctetStore::clear(HeldOctets& held) noexcept {
  return held.empty() ? 0 : drop_before(held, end(held));
}

void OctetStore::release_first(HeldOctets& held) noexcept {
  const std::uint32_t number = held.first;
  held.first = blocks_[number].next;
  if (held.first == kNone) held.last = kNone;
  --held.blocks;
  blocks_[number].next = free_;
  free_ = number;
}

}  // namespace dataplane
