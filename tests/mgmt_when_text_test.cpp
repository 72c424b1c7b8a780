// Times as people type them.
#include <gtest/gtest.h>

#include "mgmt/time_text.h"
#include "mgmt/when_text.h"

namespace tests {
namespace {

constexpr std::int64_t kNow = 1'795'340'400;  // Sunday 2026-11-22 09:40:00 UTC

std::int32_t utc(std::time_t) {
  return 0;
}
std::int32_t tokyo(std::time_t) {
  return 9 * 3600;
}
// Clocks went back an hour on 2026-11-22 at 01:00 UTC.
std::int32_t with_summer_time(std::time_t at) {
  return at < kNow - (8 * 60 + 40) * 60 ? 7200 : 3600;
}

std::string when(std::string_view text, mgmt::ZoneAt zone = utc) {
  const auto time = mgmt::parse_when(text, kNow, zone);
  return time ? mgmt::time_text(*time) : "none";
}

TEST(WhenText, NowIsASundayMorning) {
  EXPECT_EQ(when("now"), "2026-11-22T09:40:00Z");
}

TEST(WhenText, LengthsGoBackFromNow) {
  EXPECT_EQ(when("-15m"), "2026-11-22T09:25:00Z");
  EXPECT_EQ(when("-90s"), "2026-11-22T09:38:30Z");
  EXPECT_EQ(when("-15"), "2026-11-22T09:39:45Z") << "without a unit: seconds";
  EXPECT_EQ(when("-2d"), "2026-11-20T09:40:00Z");
  EXPECT_EQ(when("2h ago"), "2026-11-22T07:40:00Z");
}

TEST(WhenText, AClockTimeIsToday) {
  EXPECT_EQ(when("9:05"), "2026-11-22T09:05:00Z");
  EXPECT_EQ(when("09:40:05"), "2026-11-22T09:40:05Z");
  EXPECT_EQ(when("08:00", tokyo), "2026-11-21T23:00:00Z");
}

TEST(WhenText, DaysHaveNames) {
  EXPECT_EQ(when("today"), "2026-11-22");
  EXPECT_EQ(when("Yesterday 09:40"), "2026-11-21T09:40:00Z");
  EXPECT_EQ(when("tuesday 9:40"), "2026-11-17T09:40:00Z");
  EXPECT_EQ(when("last Tuesday 9:40"), "2026-11-17T09:40:00Z");
  EXPECT_EQ(when("sunday"), "2026-11-22") << "today is one";
  EXPECT_EQ(when("last sunday"), "2026-11-15");
  EXPECT_EQ(when("yesterday", tokyo), "2026-11-20T15:00:00Z");
}

TEST(WhenText, DatesAreIso8601) {
  EXPECT_EQ(when("2026-11-22"), "2026-11-22");
  EXPECT_EQ(when("2026-11-22 09:40"), "2026-11-22T09:40:00Z");
  EXPECT_EQ(when("2026-11-22T09:40:05Z", tokyo), "2026-11-22T09:40:05Z");
  EXPECT_EQ(when("2026-11-22T09:40:05+09:00"), "2026-11-22T00:40:05Z");
  EXPECT_EQ(when("2026-11-22 09:40-03:30"), "2026-11-22T13:10:00Z");
  EXPECT_EQ(when("2026-11-22 09:40", tokyo), "2026-11-22T00:40:00Z");
}

TEST(WhenText, TheOffsetIsTheOneThatHeldThen) {
  EXPECT_EQ(when("09:40", with_summer_time), "2026-11-22T08:40:00Z");
  EXPECT_EQ(when("yesterday 09:40", with_summer_time), "2026-11-21T07:40:00Z");
}

TEST(WhenText, SecondsSince1970AreTakenAsTheyAre) {
  EXPECT_EQ(when("1795340405"), "2026-11-22T09:40:05Z");
  EXPECT_EQ(when("@60"), "1970-01-01T00:01:00Z");
}

TEST(WhenText, WhatIsNoTimeIsNone) {
  for (const char* text : {"",
                           " ",
                           "-",
                           "-15 parsecs",
                           "2026",
                           "22",
                           "24:00",
                           "9:5",
                           "09:60",
                           "9",
                           ":",
                           "1:2:3",
                           "09:40:05:01",
                           "tomorrow",
                           "last",
                           "last yesterday 9:40",
                           "yesterday 25:00",
                           "2026-13-01",
                           "2026-02-30 09:40",
                           "2026-11-22T",
                           "2026-11-22T09:40+",
                           "2026-11-22T09:40+25:00",
                           "@",
                           "@-1",
                           "99999999999999999999",
                           "yesterday yesterday"}) {
    EXPECT_EQ(when(text), "none") << text;
  }
  EXPECT_EQ(when(std::string(100'000, '9')), "none");
}

}  // namespace
}  // namespace tests
