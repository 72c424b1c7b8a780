#include "aggregator/told_addresses.h"

#include <algorithm>
#include <span>

namespace aggregator {
namespace {

// A hash for each block of the filter: eight bytes instead of 64, and to clear the blocks that they name
// never takes longer than to clear all.
constexpr std::size_t most_hashes(std::size_t filter_bytes) noexcept {
  return std::max<std::size_t>(filter_bytes / 64, 1);
}

}  // namespace

ToldAddresses& ToldAddresses::operator+=(const ToldAddresses& other) {
  const bool too_many = hashes_.size() + other.hashes_.size() > most_hashes(filter_bytes_);
  if (!filter_ && (other.filter_ || too_many)) make_filter();
  if (filter_) {
    other.add_to(*filter_);
  } else {
    hashes_.insert(hashes_.end(), other.hashes_.begin(), other.hashes_.end());
  }
  return *this;
}

void ToldAddresses::add_to(AddressFilter& filter) const noexcept {
  if (filter_) filter |= *filter_;
  for (const std::uint64_t hash : hashes_) filter.add(hash);
}

std::size_t ToldAddresses::bytes() const noexcept {
  return hashes_.size() * sizeof(std::uint64_t) + (filter_ ? filter_->bytes() : 0);
}

void ToldAddresses::make_filter() {
  AddressFilter filter(filter_bytes_);
  add_to(filter);
  filter_ = std::move(filter);
  hashes_ = {};
}

ToldAddressCollector::ToldAddressCollector(std::size_t filter_bytes, const KeyedHash& hash)
    : hash_(hash), seen_(filter_bytes), hashes_(most_hashes(filter_bytes)) {}

ToldAddresses ToldAddressCollector::close() {
  ToldAddresses told(seen_.bytes());
  if (listed_ <= hashes_.size()) {
    const auto listed = std::span(hashes_).first(listed_);
    told.hashes_.assign(listed.begin(), listed.end());
    for (const std::uint64_t hash : listed) seen_.clear_block(hash);
  } else {
    told.filter_ = seen_;
    seen_.clear();
  }
  listed_ = 0;
  return told;
}

}  // namespace aggregator
