// Octets in the order of the network, one behind the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "wire/address.h"

namespace mgmt {

// Of IPv6, or IPv4-mapped. They live as long as the address.
inline std::span<const std::uint8_t, sizeof(wire::Address)> octets_of(const wire::Address& address) noexcept {
  return std::span<const std::uint8_t, sizeof(wire::Address)>(reinterpret_cast<const std::uint8_t*>(&address),
                                                              sizeof address);
}

// Grows as it needs and keeps what it grew to: made once, cleared often.
class OctetWriter {
 public:
  void clear() noexcept { octets_.clear(); }
  std::size_t size() const noexcept { return octets_.size(); }
  std::span<const std::uint8_t> written() const noexcept { return octets_; }

  void u8(unsigned value) { octets_.push_back(static_cast<std::uint8_t>(value)); }
  void u16(unsigned value) {
    u8(value >> 8);
    u8(value);
  }
  void u32(std::uint32_t value) {
    u16(value >> 16);
    u16(value);
  }
  void octets(std::span<const std::uint8_t> value) {
    octets_.insert(octets_.end(), value.begin(), value.end());
  }
  void zeros(std::size_t count) { octets_.resize(octets_.size() + count); }

  // The last 4 octets of an IPv4-mapped address, all 16 of any.
  void v4(const wire::Address& address) { octets(octets_of(address).last<4>()); }
  void v6(const wire::Address& address) { octets(octets_of(address)); }

  // What stands there already.
  void set_u16(std::size_t at, unsigned value) noexcept {
    octets_[at] = static_cast<std::uint8_t>(value >> 8);
    octets_[at + 1] = static_cast<std::uint8_t>(value);
  }
  void cut_back_to(std::size_t size) noexcept { octets_.resize(size); }

 private:
  std::vector<std::uint8_t> octets_;
};

}  // namespace mgmt
