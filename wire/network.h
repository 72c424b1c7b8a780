// A network of either family: an address and the length of its prefix.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/address.h"

namespace wire {

// The prefix counts from the first bit of the IPv6 form: 10.0.0.0/8 has 104.
class Network {
 public:
  Network() = default;
  // Bits behind the prefix are cleared; `prefix` is at most 128.
  Network(const Address& address, unsigned prefix) noexcept
      : mask_{word_mask(prefix), word_mask(prefix > 64 ? prefix - 64 : 0)},
        base_{address.high & mask_.high, address.low & mask_.low},
        prefix_(prefix) {}

  bool contains(const Address& address) const noexcept {
    return (((address.high & mask_.high) ^ base_.high) | ((address.low & mask_.low) ^ base_.low)) == 0;
  }

  const Address& base() const noexcept { return base_; }
  unsigned prefix() const noexcept { return prefix_; }

  friend bool operator==(const Network&, const Network&) = default;

 private:
  // Of a word in network order.
  static std::uint64_t word_mask(unsigned bits) noexcept {
    if (bits == 0) return 0;
    return bits >= 64 ? ~std::uint64_t{0} : __builtin_bswap64(~std::uint64_t{0} << (64 - bits));
  }

  Address mask_;
  Address base_;
  unsigned prefix_ = 0;
};

// Of the text forms that people write: 10.1.0.25, 2001:db8::1; and with a prefix length of their family,
// 10.1.0.0/16, or none, which is a network of one address. Bits set behind the prefix are a mistake.
std::optional<Address> address_from(std::string_view text) noexcept;
std::optional<Network> network_from(std::string_view text);
std::string to_text(const Network& network);

}  // namespace wire
