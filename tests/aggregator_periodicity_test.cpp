#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "aggregator/periodicity.h"

namespace tests {
namespace {

using aggregator::find_ripple;
using aggregator::Ripple;

double wave(double step, double period) {
  return std::sin(2 * std::numbers::pi * step / period);
}

// Six hours of minutes in which mail is tried again every half an hour or so, besides what is new.
TEST(Periodicity, FindsTheRetriesOfHalfAnHourInNoise) {
  for (const double period : {30.0, 27.3, 33.7}) {
    int sure = 0;
    double share = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      std::mt19937_64 random(seed);
      std::vector<double> deferred;
      for (int minute = 0; minute < 360; ++minute) {
        const double rate = 20 + 0.05 * minute + 5 * wave(minute, period);
        deferred.push_back(static_cast<double>(std::poisson_distribution<int>(rate)(random)));
      }
      const Ripple ripple = find_ripple(deferred);
      EXPECT_NEAR(ripple.period, period, 0.03 * period) << seed;
      share += ripple.share / 50;
      sure += ripple.chance < 1e-6;
    }
    EXPECT_GE(sure, 48) << period;
    EXPECT_NEAR(share, 12.5 / (12.5 + 29), 0.03) << period;
  }
}

// Bursts of retries, each a minute long, are a ripple too, though no sine.
TEST(Periodicity, FindsBursts) {
  std::mt19937_64 random(3);
  std::vector<double> deferred;
  for (int minute = 0; minute < 360; ++minute) {
    const double rate = minute % 30 < 4 ? 30 : 10;
    deferred.push_back(static_cast<double>(std::poisson_distribution<int>(rate)(random)));
  }
  EXPECT_NEAR(find_ripple(deferred).period, 30, 0.5);
  EXPECT_LT(find_ripple(deferred).chance, 1e-6);
}

TEST(Periodicity, IsSureOfNoiseAsOftenAsItSays) {
  std::mt19937_64 random(11);
  for (const double rate : {3.0, 200.0}) {
    std::poisson_distribution<int> poisson(rate);
    int below_one_percent = 0;
    int below_ten_percent = 0;
    for (int round = 0; round < 1'000; ++round) {
      std::vector<double> noise(180);
      for (double& count : noise) count = poisson(random);
      const double chance = find_ripple(noise).chance;
      below_one_percent += chance < 0.01;
      below_ten_percent += chance < 0.10;
    }
    EXPECT_GE(below_one_percent, 3) << rate;
    EXPECT_LE(below_one_percent, 20) << rate;
    EXPECT_NEAR(below_ten_percent, 100, 30) << rate;
  }
}

TEST(Periodicity, IsNoTrendAndNothingWhereNothingChanges) {
  std::vector<double> line;
  for (int minute = 0; minute < 240; ++minute) line.push_back(5 + 0.3 * minute);
  EXPECT_EQ(find_ripple(line).chance, 1);
  EXPECT_EQ(find_ripple(std::vector<double>(240, 7.0)).chance, 1);
  EXPECT_EQ(find_ripple(std::vector<double>(240, 0.0)).chance, 1);
  std::vector<double> few;
  for (int minute = 0; minute < 23; ++minute) few.push_back(wave(minute, 6));
  EXPECT_EQ(find_ripple(few).chance, 1);
}

// A slow swell that comes twice is the day's course.
TEST(Periodicity, IsWhatComesThreeTimes) {
  std::vector<double> swell;
  std::vector<double> ripple;
  for (int minute = 0; minute < 240; ++minute) {
    swell.push_back(10 * wave(minute, 120) + 0.5 * wave(minute, 10));
    ripple.push_back(10 * wave(minute, 80));
  }
  EXPECT_NEAR(find_ripple(swell).period, 10, 0.1);
  EXPECT_NEAR(find_ripple(ripple).period, 80, 8);
}

}  // namespace
}  // namespace tests
