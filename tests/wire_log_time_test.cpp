#include <ctime>
#include <random>

#include <gtest/gtest.h>

#include "wire/log_time.h"

namespace wire {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

LogTime time_of(std::string_view text) {
  LogTime time;
  EXPECT_GT(read_log_time(text, time), 0u) << text;
  return time;
}

// In seconds since 1970; -1 if it is refused.
std::int64_t resolved(LogClock& clock, std::string_view text) {
  const auto ns = clock.resolve(time_of(text));
  return ns ? *ns / kSecond : -1;
}

std::int64_t resolved_in(int year, std::string_view text, std::int32_t east_s = 0) {
  LogClock clock(east_s);
  clock.begin_in(year);
  return resolved(clock, text);
}

// `date` of coreutils gave the seconds.
TEST(LogTime, EachFormIsReadToItsEnd) {
  LogTime time;
  const auto octets = [&](std::string_view text) { return read_log_time(text, time); };
  EXPECT_EQ(octets("Feb 11 10:00:00 mx postfix"), 15u);
  EXPECT_EQ(octets("Feb  1 10:00:00 mx"), 15u);
  EXPECT_EQ(octets("Feb 01 10:00:00.123 mx"), 19u);
  EXPECT_EQ(octets("2002-02-11T10:00:00Z mx"), 20u);
  EXPECT_EQ(octets("2002-02-11T10:00:00.123456+09:00 mx"), 32u);
  EXPECT_EQ(octets("2002-02-11 10:00:00,5 mx"), 21u);
  EXPECT_EQ(octets("11-Feb-2002 10:00:00.123 queries"), 24u);
  EXPECT_EQ(octets("[1036368000] unbound"), 12u);
}

TEST(LogTime, EachFormIsTheSameInstant) {
  constexpr std::int64_t kInstant = 1'013'421'600;
  EXPECT_EQ(resolved_in(2002, "Feb 11 10:00:00"), kInstant);
  EXPECT_EQ(resolved_in(2002, "feb 11 10:00:00"), kInstant);
  EXPECT_EQ(resolved_in(2002, "Feb 11 19:00:00", 9 * 3600), kInstant);
  EXPECT_EQ(resolved_in(0, "2002-02-11T10:00:00Z"), kInstant);
  EXPECT_EQ(resolved_in(0, "2002-02-11T19:00:00+09:00"), kInstant);
  EXPECT_EQ(resolved_in(0, "2002-02-11T19:00:00+0900"), kInstant);
  EXPECT_EQ(resolved_in(0, "2002-02-11T06:30:00-03:30"), kInstant);
  EXPECT_EQ(resolved_in(0, "2002-02-11T05:00:00-05"), kInstant);
  EXPECT_EQ(resolved_in(0, "2002-02-11 19:00:00", 9 * 3600), kInstant);
  EXPECT_EQ(resolved_in(0, "11-Feb-2002 10:00:00.123"), kInstant);
  EXPECT_EQ(resolved_in(0, "[1013421600]", 9 * 3600), kInstant);
}

TEST(LogTime, FractionsAreNanoseconds) {
  LogClock clock;
  EXPECT_EQ(clock.resolve(time_of("1970-01-01T00:00:01.5Z")), 1'500'000'000);
  EXPECT_EQ(clock.resolve(time_of("1970-01-01T00:00:01.123456789Z")), 1'123'456'789);
  EXPECT_EQ(clock.resolve(time_of("1970-01-01T00:00:01.1234567899Z")), 1'123'456'789);
  EXPECT_EQ(clock.resolve(time_of("01-Jan-1970 00:00:01.007")), 1'007'000'000);
}

TEST(LogTime, WhatIsNoDateIsRefused) {
  LogTime time;
  for (const std::string_view text : {"",
                                      "F",
                                      "Feb",
                                      "Feb 11",
                                      "Feb 11 10:00",
                                      "Fbe 11 10:00:00",
                                      "Feb 30 10:00:00",
                                      "Feb 00 10:00:00",
                                      "Apr 31 10:00:00",
                                      "Feb 11 24:00:00",
                                      "Feb 11 10:60:00",
                                      "Feb 11 10:00:61",
                                      "Feb 1a 10:00:00",
                                      "2002-13-11T10:00:00",
                                      "2002-00-11T10:00:00",
                                      "2002-02-30T10:00:00Z",
                                      "1969-02-11T10:00:00Z",
                                      "2002-02-11",
                                      "2002-02-11T10:00",
                                      "11-Feb-1900 10:00:00",
                                      "31-Jun-2002 10:00:00",
                                      "11-Feb-2002",
                                      "[]",
                                      "[12",
                                      "[12x]",
                                      "[123456789012] x",
                                      "hello there, this is no time"}) {
    EXPECT_EQ(read_log_time(text, time), 0u) << text;
    EXPECT_EQ(time, LogTime{}) << text;
  }
}

TEST(LogTime, ADateThatItsYearDoesNotHaveIsRefused) {
  EXPECT_EQ(resolved_in(0, "2001-02-29T10:00:00Z"), -1);
  EXPECT_EQ(resolved_in(0, "29-Feb-2100 10:00:00"), -1);
  EXPECT_EQ(resolved_in(2001, "Feb 29 10:00:00"), -1);
  EXPECT_EQ(resolved_in(2004, "Feb 29 10:00:00"), 1'078'048'800);
  EXPECT_EQ(resolved_in(0, "2200-01-01T00:00:00Z"), -1);
  EXPECT_EQ(resolved_in(0, "1970-01-01T00:00:00+01:00"), -1);
  EXPECT_EQ(resolved_in(0, "[99999999999]"), -1);
}

TEST(LogClock, WithoutAYearAndALineBeforeNothingIsKnown) {
  LogClock clock;
  EXPECT_EQ(resolved(clock, "Feb 11 10:00:00"), -1);
  EXPECT_EQ(clock.resolve(LogTime{}), std::nullopt);
  EXPECT_EQ(resolved(clock, "2002-02-11T10:00:00Z"), 1'013'421'600);
  EXPECT_EQ(resolved(clock, "Feb 11 10:00:01"), 1'013'421'601);
  EXPECT_EQ(clock.resolve(LogTime{}), 1'013'421'601 * kSecond) << "a line without a time has the one before";
}

TEST(LogClock, NewYearRollsOverAndALateLineDoesNotLeap) {
  LogClock clock;
  clock.begin_in(2002);
  const std::int64_t before = resolved(clock, "Dec 31 23:59:58");
  EXPECT_EQ(before, 1'041'379'198);
  EXPECT_EQ(resolved(clock, "Jan  1 00:00:03"), before + 5);
  EXPECT_EQ(resolved(clock, "Dec 31 23:57:58"), before - 120);
  EXPECT_EQ(resolved(clock, "Jan  1 00:00:04"), before + 6);
  EXPECT_EQ(resolved(clock, "Jun 30 12:00:00"), 1'056'974'400);
  EXPECT_EQ(resolved(clock, "Aug 30 12:00:00"), 1'062'244'800);
  EXPECT_EQ(resolved(clock, "Dec 31 23:59:59"), 1'072'915'199);
  EXPECT_EQ(resolved(clock, "Jan  1 00:00:00"), 1'072'915'200);
}

// New Year comes nine hours earlier in Tokyo, and the clock must not think in Greenwich's years.
TEST(LogClock, NewYearIsThatOfTheZone) {
  LogClock clock(9 * 3600);
  clock.near(1'041'379'198 * kSecond - 9 * 3600 * kSecond);
  EXPECT_EQ(resolved(clock, "Jan  1 00:00:03"), 1'041'379'203 - 9 * 3600);
  EXPECT_EQ(resolved(clock, "Dec 31 23:59:59"), 1'041'379'199 - 9 * 3600);
}

TEST(LogClock, TheLeapDayFindsItsYear) {
  LogClock clock;
  clock.begin_in(2003);
  EXPECT_EQ(resolved(clock, "Nov  1 00:00:00"), 1'067'644'800);
  EXPECT_EQ(resolved(clock, "Feb 29 00:00:00"), 1'078'012'800);  // 2004
  LogClock far;
  far.near(4'102'444'800 * kSecond);  // 2100 has none: 2096 is nearest, 2104 the next
  EXPECT_EQ(resolved(far, "Feb 29 00:00:00"), 3'981'312'000);
}

// The reference is the calendar: a log of three years in steps of up to a day, each line at most some minutes
// out of order, comes out as it went in.
TEST(LogClock, ThreeYearsOfALogComeOutAsTheyWere) {
  std::mt19937 random(9);
  for (const std::int32_t east_s : {0, 9 * 3600, -5 * 3600}) {
    LogClock clock(east_s);
    std::int64_t now = 1'070'000'000;  // 2003
    clock.near(now * kSecond);
    for (int line = 0; line < 3000; ++line) {
      now += random() % 63'000;
      const std::int64_t seen = now - random() % 600;
      const std::time_t local = seen + east_s;
      std::tm parts{};
      gmtime_r(&local, &parts);
      char text[32];
      strftime(text, sizeof text, "%b %e %H:%M:%S", &parts);
      ASSERT_EQ(resolved(clock, text), seen) << text;
    }
  }
}

}  // namespace
}  // namespace wire
