// Hashes of addresses that a sender cannot aim at.
#pragma once

#include <cstdint>

#include "wire/address.h"
#include "wire/hash.h"

namespace aggregator {

// Addresses come from strangers. With a key drawn at start they cannot choose such as share a place in a
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

 private:
  std::uint64_t key_[4];
};

}  // namespace aggregator
