#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "aggregator/weekly_profile.h"

namespace tests {
namespace {

using aggregator::CalendarHour;
using aggregator::CalendarSettings;
using aggregator::DayClass;
using aggregator::WeeklyProfile;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr double kLeastSpread = 0.025;
constexpr double kDeviations = 3;

std::int64_t ns_of(sys_days day, std::chrono::hours hour = 0h) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>((day + hour).time_since_epoch()).count();
}

// From Monday 2002-01-07 on; 2002-02-11 was a Monday and a holiday.
constexpr sys_days kMonday = 2002y / 1 / 7;
const CalendarSettings kCalendar = {{2002y / 1 / 14, 2002y / 2 / 11}, 0};

// Days whose MEE is as the papers have it: 0.70 on weekdays, 0.35 on holidays and at weekends.
class MailServer {
 public:
  explicit MailServer(std::uint64_t seed) : random_(seed) {}

  void live(int days) {
    for (; days > 0; --days, day_ += std::chrono::days(1)) {
      for (auto hour = 0h; hour < 24h; ++hour) {
        const CalendarHour at = CalendarHour::at(ns_of(day_, hour), kCalendar);
        const bool idle = at.holiday || at.of_week >= 5 * 24;
        profile_.learn(at, (idle ? 0.35 : 0.70) + noise());
      }
    }
  }

  // What most hours of the next day are, with this MEE.
  DayClass next_day(double mee) {
    std::array<int, 4> hours{};
    for (auto hour = 0h; hour < 24h; ++hour) {
      const CalendarHour at = CalendarHour::at(ns_of(day_, hour), kCalendar);
      ++hours[static_cast<std::size_t>(profile_.classify(at, mee + noise(), 0.02))];
    }
    return static_cast<DayClass>(std::ranges::max_element(hours) - hours.begin());
  }

  sys_days day() const { return day_; }
  const WeeklyProfile& profile() const { return profile_; }

 private:
  double noise() { return std::normal_distribution<double>(0, 0.02)(random_); }

  std::mt19937_64 random_;
  sys_days day_ = kMonday;
  WeeklyProfile profile_{kLeastSpread, kDeviations};
};

// 0.70, 0.35, 0.21 and 0.11 (Musashi et al.).
TEST(WeeklyProfile, TellsThePapersDays) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MailServer server(seed);
    server.live(35);
    ASSERT_EQ(server.day(), sys_days(2002y / 2 / 11));
    EXPECT_EQ(server.next_day(0.35), DayClass::kHoliday);
    EXPECT_EQ(server.next_day(0.70), DayClass::kAbnormal);  // of a holiday
    server.live(1);
    EXPECT_EQ(server.next_day(0.70), DayClass::kNormal);
    EXPECT_EQ(server.next_day(0.35), DayClass::kHoliday);  // one that is not in the list
    EXPECT_EQ(server.next_day(0.21), DayClass::kAbnormal);
    EXPECT_EQ(server.next_day(0.11), DayClass::kAbnormal);
    EXPECT_EQ(server.next_day(1.40), DayClass::kAbnormal);
  }
}

TEST(WeeklyProfile, KnowsNothingThenLikeDaysThenItsOwnHours) {
  MailServer server(1);
  EXPECT_EQ(server.next_day(0.70), DayClass::kUnknown);
  server.live(1);
  EXPECT_EQ(server.next_day(0.70), DayClass::kNormal);  // Tuesday, as Monday was
  const CalendarHour saturday = {5 * 24 + 10, false};
  EXPECT_FALSE(server.profile().usual(saturday));
  server.live(20);
  EXPECT_EQ(server.profile().usual(saturday)->learned, 3U);
  EXPECT_NEAR(server.profile().usual(saturday)->median, 0.35, 0.05);
}

TEST(WeeklyProfile, SundaysStandInForHolidays) {
  WeeklyProfile profile(kLeastSpread, kDeviations);
  const CalendarHour sunday = {6 * 24 + 10, false};
  const CalendarHour holiday = {0 * 24 + 10, true};
  profile.learn(sunday, 0.4);
  EXPECT_EQ(profile.usual(holiday)->median, 0.4);
  profile.learn(holiday, 0.3);
  EXPECT_EQ(profile.usual(holiday)->median, 0.3);
}

// Of nine weeks three may be out of order, and the oldest are forgotten.
TEST(WeeklyProfile, IsRobustAndForgets) {
  WeeklyProfile profile(kLeastSpread, kDeviations);
  const CalendarHour hour = {34, false};
  for (const double value : {0.70, 0.71, 0.0, 0.69, 5.0, 0.70, 0.1, 0.72, 0.68}) profile.learn(hour, value);
  EXPECT_NEAR(profile.usual(hour)->median, 0.70, 1e-9);
  EXPECT_LT(profile.usual(hour)->spread, 0.05);
  EXPECT_EQ(profile.classify(hour, 0.11, 0.01), DayClass::kAbnormal);
  EXPECT_EQ(profile.classify(hour, 0.11, 0.3), DayClass::kNormal);  // of a dozen mails
  for (int week = 0; week < 9; ++week) profile.learn(hour, 0.5);
  EXPECT_EQ(profile.usual(hour)->median, 0.5);
  EXPECT_EQ(profile.usual(hour)->spread, kLeastSpread);
  EXPECT_EQ(profile.usual(hour)->learned, 18U);
}

TEST(CalendarHour, IsOfLocalTime) {
  const CalendarSettings tokyo = {{2002y / 2 / 11}, 9 * 3600};
  const std::int64_t sunday_evening = ns_of(2002y / 2 / 10, 15h);  // UTC
  EXPECT_EQ(CalendarHour::at(sunday_evening, tokyo).of_week, 0U);
  EXPECT_TRUE(CalendarHour::at(sunday_evening, tokyo).holiday);
  EXPECT_FALSE(CalendarHour::at(sunday_evening - 1, tokyo).holiday);
  EXPECT_EQ(CalendarHour::at(sunday_evening, {}).of_week, 6U * 24 + 15);
  EXPECT_EQ(CalendarHour::at(-1, {}).of_week, 2U * 24 + 23);  // Wednesday, 1969-12-31
}

}  // namespace
}  // namespace tests
