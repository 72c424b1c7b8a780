#include <cmath>

#include <gtest/gtest.h>

#include "aggregator/distinct.h"
#include "wire/hash.h"

namespace aggregator {
namespace {

std::uint64_t hash_of(std::uint64_t value) {
  return wire::mix(value ^ wire::kHashSeedA, wire::kHashSeedB);
}

template <unsigned kBits>
Distinct<kBits> sketch_of(std::uint64_t first, std::uint64_t count) {
  Distinct<kBits> sketch;
  for (std::uint64_t i = 0; i < count; ++i) sketch.add(hash_of(first + i));
  return sketch;
}

TEST(Distinct, NothingIsNone) {
  EXPECT_EQ(Distinct<6>().estimate(), 0);
}

// Over many sketches the error is what the paper says, 1.04 / sqrt(registers).
template <unsigned kBits>
void expect_standard_error(std::uint64_t count) {
  constexpr int kSketches = 200;
  double squares = 0;
  double sum = 0;
  for (std::uint64_t i = 0; i < kSketches; ++i) {
    const double error = sketch_of<kBits>(i * 1'000'003, count).estimate() / static_cast<double>(count) - 1;
    squares += error * error;
    sum += error;
  }
  const double expected = 1.04 / std::sqrt(static_cast<double>(std::size_t{1} << kBits));
  EXPECT_LT(std::sqrt(squares / kSketches), 1.25 * expected) << count;
  EXPECT_LT(std::abs(sum / kSketches), 0.5 * expected) << count;
}

TEST(Distinct, ErrorIsThatOfThePaper) {
  for (const std::uint64_t count : {10, 50, 100, 500, 5'000}) expect_standard_error<6>(count);
  for (const std::uint64_t count : {10, 1'000, 20'000}) expect_standard_error<10>(count);
}

TEST(Distinct, TheSameAgainChangesNothing) {
  Distinct<6> sketch = sketch_of<6>(0, 30);
  const double before = sketch.estimate();
  sketch += sketch_of<6>(0, 30);
  for (int i = 0; i < 1000; ++i) sketch.add(hash_of(5));
  EXPECT_EQ(sketch.estimate(), before);
}

TEST(Distinct, SumIsThatOfBothStreams) {
  Distinct<6> sum = sketch_of<6>(0, 40);
  sum += sketch_of<6>(20, 60);
  EXPECT_EQ(sum.estimate(), sketch_of<6>(0, 80).estimate());
}

}  // namespace
}  // namespace aggregator
