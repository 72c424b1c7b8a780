#include "dataplane/traffic/random.h"

#include <bit>

namespace dataplane::traffic {

Random::Random(std::uint64_t seed) noexcept {
  for (std::uint64_t& word : state_) {
    std::uint64_t z = (seed += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    word = z ^ (z >> 31);
  }
}

std::uint64_t Random::next() noexcept {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// Von Neumann, "Various techniques used in connection with random digits" (1951): the length of a falling run
// of uniform numbers that starts at x is odd with probability e^-x. Each failure adds a whole mean.
std::uint64_t Random::exponential(std::uint32_t mean) noexcept {
  for (std::uint64_t means = 0;; ++means) {
    const std::uint64_t first = next() >> 32;
    bool odd = true;
    for (std::uint64_t last = first, drawn = next() >> 32; drawn < last; drawn = next() >> 32) {
      last = drawn;
      odd = !odd;
    }
    if (odd) return (((means << 32) | first) * mean) >> 32;
  }
}

}  // namespace dataplane::traffic
