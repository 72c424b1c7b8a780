#include "aggregator/address_filter.h"

#include <algorithm>

namespace aggregator {
namespace {

// Odd numbers, a hash function each by multiplication (Dietzfelbinger et al. 1997); these are Apache
// Parquet's.
constexpr std::array<std::uint32_t, 8> kSalts = {0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D,
                                                 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31};

}  // namespace

AddressFilter::AddressFilter(std::size_t bytes)
    : blocks_((std::max<std::size_t>(bytes, 1) + sizeof(Block) - 1) / sizeof(Block)) {}

bool AddressFilter::add(std::uint64_t hash) noexcept {
  const Block bits = bits_of(hash);
  Block& block = blocks_[block_of(hash)];
  std::uint64_t added = 0;
  for (std::size_t i = 0; i < kWords; ++i) {
    added |= bits.words[i] & ~block.words[i];
    block.words[i] |= bits.words[i];
  }
  return added != 0;
}

bool AddressFilter::contains(std::uint64_t hash) const noexcept {
  const Block bits = bits_of(hash);
  const Block& block = blocks_[block_of(hash)];
  std::uint64_t missing = 0;
  for (std::size_t i = 0; i < kWords; ++i) missing |= bits.words[i] & ~block.words[i];
  return missing == 0;
}

AddressFilter& AddressFilter::operator|=(const AddressFilter& other) noexcept {
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    for (std::size_t i = 0; i < kWords; ++i) blocks_[block].words[i] |= other.blocks_[block].words[i];
  }
  return *this;
}

void AddressFilter::clear() noexcept {
  std::fill(blocks_.begin(), blocks_.end(), Block{});
}

// The block comes from the upper half of the hash, the bits in it from the lower one.
AddressFilter::Block AddressFilter::bits_of(std::uint64_t hash) noexcept {
  Block bits;
  for (std::size_t i = 0; i < kWords; ++i) {
    const std::uint32_t product = static_cast<std::uint32_t>(hash) * kSalts[i];
    bits.words[i] = std::uint64_t{1} << (product >> 26);
  }
  return bits;
}

}  // namespace aggregator
