#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "dataplane/traffic/random.h"
#include "dataplane/traffic/weighted.h"

namespace bench {
namespace {

using namespace dataplane::traffic;

constexpr int kDraws = 1'000'000;

// The state that splitmix64 makes of 0 begins with E220A8397B1DCDAF 6E789E6AA1B965F4 06C45D188009454F
// F88BB8A8724C81EC, as published with it; the first output is rotl(state[1] * 5, 7) * 9.
TEST(Random, FirstNumberIsThatOfThePublishedAlgorithm) {
  const std::uint64_t product = std::uint64_t{0x6E789E6AA1B965F4} * 5;
  EXPECT_EQ(Random(0).next(), ((product << 7) | (product >> 57)) * 9);
}

TEST(Random, ExponentialExceedsItsMeanKTimesOverWithProbabilityEToTheMinusK) {
  constexpr std::uint32_t kMean = 1'000'000;
  Random random(7);
  std::array<int, 5> beyond{};
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t drawn = random.exponential(kMean);
    sum += static_cast<double>(drawn);
    for (std::size_t k = 1; k < beyond.size(); ++k) beyond[k] += drawn > k * kMean;
  }
  EXPECT_NEAR(sum / kDraws / kMean, 1.0, 0.005);
  for (std::size_t k = 1; k < beyond.size(); ++k) {
    EXPECT_NEAR(1.0 * beyond[k] / kDraws, std::exp(-static_cast<double>(k)), 0.002) << k << " means";
  }
}

TEST(Weighted, EachIndexComesAsOftenAsItWeighs) {
  const std::vector<std::uint64_t> weights = {5, 0, 30, 1, 64};
  const Weighted weighted(weights);
  Random random(7);
  std::array<int, 5> drawn{};
  for (int i = 0; i < kDraws; ++i) ++drawn[weighted.draw(random)];
  for (std::size_t i = 0; i < weights.size(); ++i) {
    EXPECT_NEAR(1.0 * drawn[i] / kDraws, static_cast<double>(weights[i]) / 100, 0.002) << "index " << i;
  }
  EXPECT_EQ(drawn[1], 0);
}

TEST(Weighted, ZipfGivesRankKOneKthOfTheFirst) {
  constexpr std::uint32_t kRanks = 1000;
  const Weighted weighted = zipf(kRanks);
  Random random(7);
  std::vector<int> drawn(kRanks);
  for (int i = 0; i < kDraws; ++i) ++drawn[weighted.draw(random)];
  for (const int rank : {2, 3, 5, 10}) {
    EXPECT_NEAR(1.0 * drawn[0] / drawn[rank - 1], rank, 0.03 * rank) << "rank " << rank;
  }
}

}  // namespace
}  // namespace bench
