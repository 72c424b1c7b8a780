// Hashes of addresses and names that a sender cannot aim at.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/address.h"
#include "wire/hash.h"

namespace aggregator {

// They come from strangers. With a key drawn at start they cannot choose such as share a place in a
// table. Nothing that is reported depends on the key.
class KeyedHash {
 public:
  KeyedHash();  // draws the key from the system

  std::uint64_t operator()(const wire::Address& address) const noexcept {
    return wire::mix(address.high ^ key_[0], address.low ^ key_[1]);
  }
  std::uint64_t operator()(const wire::Address& first, const wire::Address& second) const noexcept {
    return wire::mix((*this)(first) ^ key_[2], wire::mix(second.high ^ key_[3], second.low ^ key_[0]));
  }
  // Of a hash without a key.
  std::uint64_t operator()(std::uint64_t hash) const noexcept {
    return wire::mix(hash ^ key_[0], key_[1] | 1);
  }
  std::uint64_t operator()(std::string_view text) const noexcept {
    std::uint64_t state = key_[0] ^ text.size();
    for (const char octet : text) state = wire::mix(state ^ static_cast<unsigned char>(octet), key_[1] | 1);
    return wire::mix(state ^ key_[2], key_[3] | 1);
  }

 private:
  std::uint64_t key_[4];
};

}  // namespace aggregator
