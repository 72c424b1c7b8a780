#include "aggregator/weekly_profile.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace aggregator {
namespace {

constexpr std::size_t kHoursOfDay = 24;
constexpr std::size_t kSunday = 6;  // from Monday
constexpr std::size_t kSaturday = 5;

double median_of(std::span<double> values) noexcept {
  const std::size_t middle = values.size() / 2;
  std::ranges::sort(values);
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

CalendarHour CalendarHour::at(std::int64_t ns_since_1970, const CalendarSettings& settings) {
  const std::chrono::sys_time<std::chrono::nanoseconds> local{std::chrono::nanoseconds(ns_since_1970) +
                                                              std::chrono::seconds(settings.utc_offset_s)};
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const auto hour = std::chrono::floor<std::chrono::hours>(local - midnight).count();
  const std::size_t day = std::chrono::weekday(midnight).iso_encoding() - 1;
  return {
      day * kHoursOfDay + static_cast<std::size_t>(hour),
      std::ranges::find(settings.holidays, std::chrono::year_month_day(midnight)) != settings.holidays.end()};
}

void RecentMedian::add(double value) noexcept {
  values_[learned_ % kKept] = value;
  ++learned_;
}

double RecentMedian::median() const noexcept {
  std::array<double, kKept> sorted = values_;
  return median_of(std::span(sorted).first(used()));
}

double RecentMedian::spread() const noexcept {
  constexpr double kOfNormal = 1.4826;
  std::array<double, kKept> distances{};
  const double middle = median();
  for (std::size_t i = 0; i < used(); ++i) distances[i] = std::abs(values_[i] - middle);
  return kOfNormal * median_of(std::span(distances).first(used()));
}

void RecentMedian::append_to(std::vector<double>& numbers) const {
  numbers.push_back(static_cast<double>(learned_));
  numbers.insert(numbers.end(), values_.begin(), values_.end());
}

void RecentMedian::resume(std::span<const double, kNumbers> numbers) noexcept {
  constexpr double kMost = 1e6;  // hours
  learned_ = static_cast<std::size_t>(std::clamp(numbers[0], 0.0, kMost));
  std::ranges::copy(numbers.subspan<1>(), values_.begin());
}

std::vector<double> WeeklyProfile::learned() const {
  std::vector<double> numbers;
  for (const RecentMedian& hour : week_) hour.append_to(numbers);
  for (const RecentMedian& hour : holidays_) hour.append_to(numbers);
  return numbers;
}

void WeeklyProfile::resume(std::span<const double> learned) noexcept {
  if (learned.size() != (kWeek + kHours) * RecentMedian::kNumbers) return;
  for (std::size_t i = 0; i < kWeek + kHours; ++i) {
    RecentMedian& hour = i < kWeek ? week_[i] : holidays_[i - kWeek];
    hour.resume(learned.subspan(i * RecentMedian::kNumbers).first<RecentMedian::kNumbers>());
  }
}

void WeeklyProfile::learn(const CalendarHour& hour, double value) {
  (hour.holiday ? holidays_[hour.of_week % kHours] : week_[hour.of_week]).add(value);
}

std::optional<WeeklyProfile::Usual> WeeklyProfile::usual(const CalendarHour& hour) const {
  if (hour.holiday) return of_holidays(hour.of_week % kHours);
  const RecentMedian& own = week_[hour.of_week];
  return own.learned() >= kEnough ? of(own) : of_like_days(hour.of_week);
}

DayClass WeeklyProfile::classify(const CalendarHour& hour, double value, double error) const {
  const auto here = usual(hour);
  if (!here) return DayClass::kUnknown;
  if (near(here, value, error)) return hour.holiday ? DayClass::kHoliday : DayClass::kNormal;
  return near(of_holidays(hour.of_week % kHours), value, error) ? DayClass::kHoliday : DayClass::kAbnormal;
}

std::optional<WeeklyProfile::Usual> WeeklyProfile::of(const RecentMedian& hour) const {
  if (hour.learned() == 0) return std::nullopt;
  return Usual{hour.median(), std::max(least_spread_, hour.spread()), hour.learned()};
}

// The median of the days' newest values.
std::optional<WeeklyProfile::Usual> WeeklyProfile::of_like_days(std::size_t hour_of_week) const {
  const std::size_t day = hour_of_week / kHours;
  const std::size_t first = day < kSaturday ? 0 : kSaturday;
  const std::size_t last = day < kSaturday ? kSaturday - 1 : kSunday;
  RecentMedian days;
  std::size_t learned = 0;
  for (std::size_t like = first; like <= last; ++like) {
    const RecentMedian& hour = week_[like * kHours + hour_of_week % kHours];
    if (hour.learned() == 0) continue;
    days.add(hour.median());
    learned = std::max(learned, hour.learned());
  }
  auto usual = of(days);
  if (usual) usual->learned = learned;
  return usual;
}

std::optional<WeeklyProfile::Usual> WeeklyProfile::of_holidays(std::size_t hour) const {
  const RecentMedian& own = holidays_[hour];
  return own.learned() > 0 ? of(own) : of(week_[kSunday * kHours + hour]);
}

bool WeeklyProfile::near(const std::optional<Usual>& usual, double value, double error) const {
  return usual && std::abs(value - usual->median) <= deviations_ * std::hypot(usual->spread, error);
}

}  // namespace aggregator
