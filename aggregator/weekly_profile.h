// What is usual for a value at each hour of the week, and on holidays.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace aggregator {

struct CalendarSettings {
  std::vector<std::chrono::year_month_day> holidays;
  std::int64_t utc_offset_s = 0;  // of local time, added to UTC
};

// An hour of local time.
struct CalendarHour {
  std::size_t of_week = 0;  // 0: Monday, midnight to 1; to 167
  bool holiday = false;     // in the list

  bool day_off() const noexcept { return holiday || of_week >= 5 * 24; }

  static CalendarHour at(std::int64_t ns_since_1970, const CalendarSettings& settings);
};

// The newest values of one hour: their median, and its spread as a standard deviation would have it of
// normal values (1.4826 times the median distance from the median).
class RecentMedian {
 public:
  static constexpr std::size_t kKept = 9;

  void add(double value) noexcept;
  std::size_t learned() const noexcept { return learned_; }  // ever
  double median() const noexcept;                            // at least one was learned
  double spread() const noexcept;

  static constexpr std::size_t kNumbers = kKept + 1;
  void append_to(std::vector<double>& numbers) const;
  void resume(std::span<const double, kNumbers> numbers) noexcept;

 private:
  std::size_t used() const noexcept { return learned_ < kKept ? learned_ : kKept; }

  std::array<double, kKept> values_{};  // a circle
  std::size_t learned_ = 0;
};

enum class DayClass : std::uint8_t {
  kNormal,   // as usual at this hour
  kHoliday,  // as usual on holidays at this hour
  kAbnormal,
  kUnknown  // nothing was learned of such an hour
};

// Nine weeks are kept of each of 168 hours, and nine days of each hour of holidays, which are the days of the
// list: 10 KB. Sundays stand in for holidays while there was none. An hour of the week that has not been
// three times yet is what the same hour was on other days from Monday to Friday, or at the weekend. One
// thread.
class WeeklyProfile {
 public:
  // Values of fewer than `least_spread` apart are the same; `deviations` is how far a usual value may be.
  WeeklyProfile(double least_spread, double deviations)
      : least_spread_(least_spread), deviations_(deviations) {}

  void learn(const CalendarHour& hour, double value);

  struct Usual {
    double median = 0;
    double spread = 0;        // at least the least spread
    std::size_t learned = 0;  // weeks, or holidays
  };
  std::optional<Usual> usual(const CalendarHour& hour) const;

  // Whether a value whose own random error is `error` is usual then, or on holidays.
  DayClass classify(const CalendarHour& hour, double value, double error) const;

  // All of it; for BaselineCarrier.
  std::vector<double> learned() const;
  void resume(std::span<const double> learned) noexcept;

 private:
  static constexpr std::size_t kHours = 24;
  static constexpr std::size_t kWeek = 7 * kHours;
  static constexpr std::size_t kEnough = 3;

  std::optional<Usual> of(const RecentMedian& hour) const;
  std::optional<Usual> of_like_days(std::size_t hour_of_week) const;
  std::optional<Usual> of_holidays(std::size_t hour) const;
  bool near(const std::optional<Usual>& usual, double value, double error) const;

  double least_spread_;
  double deviations_;
  std::array<RecentMedian, kWeek> week_;
  std::array<RecentMedian, kHours> holidays_;
};

}  // namespace aggregator
