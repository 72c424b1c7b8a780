// Draws from a fixed discrete distribution, Zipf's among them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dataplane/traffic/random.h"

namespace dataplane::traffic {

// The alias method (Vose 1991): one random number and one look-up a draw, whatever the weights are.
class Weighted {
 public:
  // At least one weight; their sum positive and below 2^64.
  explicit Weighted(std::span<const std::uint64_t> weights);

  // An index into the weights.
  std::uint32_t draw(Random& random) const noexcept;

 private:
  struct Column {
    std::uint32_t keep = 0;  // of 2^32: the share of the draws that stay in this column
    std::uint32_t alias = 0;
  };
  std::vector<Column> columns_;
};

// Zipf-Mandelbrot with exponent 1: rank k, from 1, weighs 1 / (k + offset). Offset 0 is Zipf's law.
Weighted zipf(std::uint32_t ranks, std::uint32_t offset = 0);

}  // namespace dataplane::traffic
