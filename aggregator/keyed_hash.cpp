#include "aggregator/keyed_hash.h"

#include <random>

namespace aggregator {

KeyedHash::KeyedHash() {
  std::random_device random;
  for (std::uint64_t& word : key_) word = (std::uint64_t{random()} << 32) | random();
}

}  // namespace aggregator
