// A series with a baseline, and the table of hosts.
#include <gtest/gtest.h>

#include "aggregator/detectors/host_table.h"
#include "aggregator/detectors/surge_series.h"
#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::StepCounts;
using aggregator::SurgeSeries;
using Learn = aggregator::SurgeSeries::Learn;

SurgeSeries learned(std::uint64_t count) {
  SurgeSeries series({}, StepCounts(quick_settings()), 1, 5);
  for (int i = 0; i < 60; ++i) series.add(count, i < 15 ? Learn::kAtOnce : Learn::kInAWindow);
  return series;
}

TEST(SurgeSeries, OneStepAloneIsABurst) {
  SurgeSeries series = learned(20);
  series.add(400, Learn::kInAWindow);
  EXPECT_FALSE(series.surge().clear);
  series.add(400, Learn::kInAWindow);
  EXPECT_TRUE(series.surge().clear);
  EXPECT_EQ(series.surge().since, 1U);
  series.add(20, Learn::kInAWindow);
  EXPECT_FALSE(series.surge().clear);  // and no attack goes on
  EXPECT_FALSE(series.surge().lasting);
}

TEST(SurgeSeries, TheBaselineFollowsTheDayAndNotAnOutage) {
  SurgeSeries series = learned(20);
  for (int i = 0; i < 300; ++i) series.add(30, Learn::kInAWindow);
  EXPECT_NEAR(series.baseline(), 30, 2);
  for (int i = 0; i < 300; ++i) series.add(0, Learn::kInAWindow);
  EXPECT_GT(series.baseline(), 25);
  for (int i = 0; i < 300; ++i) series.add(10, Learn::kInAWindow);
  EXPECT_NEAR(series.baseline(), 10, 3);
}

TEST(SurgeSeries, WhatTwoSeriesHaveInCommonIsTheirRSquared) {
  SurgeSeries a = learned(1);
  SurgeSeries b = learned(1);
  EXPECT_EQ(r_squared(a, b), 0);  // neither changes
  for (const std::uint64_t count : {1, 5, 3, 8, 2, 9, 4, 4, 6, 7}) {
    a.add(count, Learn::kNever);
    b.add(3 * count + 2, Learn::kNever);
  }
  EXPECT_NEAR(r_squared(a, b), 1, 1e-12);
  b.add(0, Learn::kNever);
  a.add(30, Learn::kNever);
  EXPECT_LT(r_squared(a, b), 0.5);
}

TEST(HostTable, GivesUpWhoWasNotSeenForLongestAndNobodyOfThisStep) {
  aggregator::HostTable<int> table(4);
  for (std::uint32_t i = 0; i < 4; ++i) *table.at(host(i), i == 2 ? 0 : 1) = static_cast<int>(i);
  *table.at(host(9), 2) = 9;
  EXPECT_EQ(table.find(host(2)), nullptr);
  EXPECT_EQ(*table.find(host(3)), 3);
  for (const std::uint32_t i : {0U, 1U, 3U}) EXPECT_EQ(*table.at(host(i), 2), static_cast<int>(i));
  EXPECT_EQ(table.at(host(10), 2), nullptr);
  EXPECT_EQ(table.refused(), 1U);
  EXPECT_EQ(table.evicted(), 1U);
  EXPECT_NE(table.at(host(10), 3), nullptr);
  EXPECT_EQ(table.size(), 4U);
}

}  // namespace
}  // namespace tests
