// Random numbers that are the same on every machine: integers only, neither libm nor <random>.
#pragma once

#include <array>
#include <cstdint>

namespace dataplane::traffic {

// xoshiro256**, its state filled by splitmix64 (Blackman and Vigna, https://prng.di.unimi.it).
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept;

  std::uint64_t next() noexcept;

  // In [0, bound), bound > 0. The bias is at most bound / 2^32.
  std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  bool permille(std::uint32_t share) noexcept { return below(1000) < share; }

  // Exponentially distributed, rounded down; `mean` below 2^28.
  std::uint64_t exponential(std::uint32_t mean) noexcept;

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace dataplane::traffic
