#include "aggregator/detectors/surge_series.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "aggregator/detectors/count_chance.h"

namespace aggregator {
namespace {

// A baseline may be off, and drifts within the window: what stands out must be unlikely for half as much
// again.
constexpr double kMargin = 1.5;

constexpr std::int64_t kMostWindowSteps = 3'600;

}  // namespace

StepCounts::StepCounts(const DetectorSettings& settings)
    : window(std::clamp<std::int64_t>(settings.window_ns / settings.step_ns, 2, kMostWindowSteps)),
      learn(std::max(settings.learn_ns / settings.step_ns, window)),
      adapt(settings.adapt_ns > 0 ? std::max<std::int64_t>(1, settings.adapt_ns / settings.step_ns)
                                  : 12 * window),
      quiet(settings.quiet_ns > 0 ? std::max<std::int64_t>(1, settings.quiet_ns / settings.step_ns)
                                  : std::max<std::int64_t>(window, 5)),
      reopen(settings.reopen_ns > 0 ? settings.reopen_ns / settings.step_ns : 3 * quiet),
      step_seconds(static_cast<double>(settings.step_ns) * 1e-9) {}

// One in a million is 0.5.
double Surge::sureness() const noexcept {
  return 1 - std::exp2(log10_chance / 6);
}

Severity Surge::severity() const noexcept {
  if (rate >= 10 * baseline) return Severity::kHigh;
  return rate >= 4 * baseline ? Severity::kMedium : Severity::kLow;
}

SurgeSeries::SurgeSeries(const SurgeThresholds& thresholds, const StepCounts& steps, double bunch,
                         std::uint64_t least)
    : thresholds_(thresholds),
      least_(static_cast<double>(least)),
      most_learned_(static_cast<double>(steps.adapt)),
      first_bunch_(bunch),
      window_(static_cast<std::size_t>(steps.window)),
      counts_(3 * window_) {}

void SurgeSeries::resume(std::span<const double> learned) noexcept {
  if (learned.size() != 3 || *std::ranges::min_element(learned) < 0) return;
  learned_ = std::min(learned[0], most_learned_);
  mean_ = learned[1];
  variance_ = learned[2];
}

void SurgeSeries::add(std::uint64_t count, Learn learn_when) {
  const auto now = static_cast<double>(count);
  newest_ = (newest_ + 1) % counts_.size();
  window_sum_ += now - sample(window_).count;
  all_sum_ += now - sample(0).count;
  sample(0) = {now, learn_when != Learn::kInAWindow};
  if (learn_when == Learn::kAtOnce) learn(now);
  Sample& leaving = sample(window_);
  if (leaving.learned || outage() || suspicious()) return;
  learn(leaving.count);
  leaving.learned = true;
}

Surge SurgeSeries::surge() const {
  Surge result;
  result.baseline = mean_;
  for (const std::size_t steps : std::array<std::size_t, 4>{2, 3, window_, 3 * window_}) {
    const double count = sum(steps);
    const double chance = log10_chance_of(count, steps);
    if (chance < result.log10_chance) {
      result.log10_chance = chance;
      result.steps = steps;
    }
    const double ratio = steps == 2 ? thresholds_.two_steps_ratio : thresholds_.ratio;
    result.clear |= count >= least_ && chance <= thresholds_.log10_chance &&
                    count >= ratio * mean_ * static_cast<double>(steps) && persists(steps, ratio);
  }
  result.rate = sum(result.steps) / static_cast<double>(result.steps);
  result.lasting = at_age(0) > 0 && at_age(0) >= thresholds_.lasting_ratio * mean_ && lasts();
  result.clear &= result.lasting;  // and is not what a long window still holds
  result.since = onset((result.rate + mean_) / 2);
  return result;
}

// Two of the newest three steps are above the baseline; in a long time, all without the greatest.
bool SurgeSeries::persists(std::size_t steps, double ratio) const noexcept {
  if (steps > 3) {
    double greatest = 0;
    for (std::size_t age = 0; age < steps; ++age) greatest = std::max(greatest, at_age(age));
    const double rest = sum(steps) - greatest;
    return rest >= ratio * mean_ * static_cast<double>(steps - 1) &&
           log10_chance_of(rest, steps - 1) <= thresholds_.log10_chance / 2;
  }
  std::size_t above = 0;
  for (std::size_t age = 0; age < 3; ++age) {
    above += at_age(age) > 0 && at_age(age) >= thresholds_.lasting_ratio * mean_;
  }
  return above >= 2;
}

// In the newest steps, if what fills the window can be told in so few.
bool SurgeSeries::lasts() const noexcept {
  constexpr double kLikely = -2;
  constexpr std::size_t kFew = 3;
  const auto elevated = [&](std::size_t steps) {
    return log10_chance_of(sum(steps), steps) <= kLikely &&
           sum(steps) >= thresholds_.lasting_ratio * mean_ * static_cast<double>(steps);
  };
  if (elevated(1) || elevated(kFew)) return true;
  const double share = static_cast<double>(kFew) / static_cast<double>(window_);
  return log10_chance_of(window_sum_ * share, kFew) > kLikely && elevated(window_);
}

void SurgeSeries::hold() {
  for (Sample& kept : counts_) kept.learned = true;
}

double SurgeSeries::sum(std::size_t steps) const noexcept {
  if (steps == window_) return window_sum_;
  if (steps >= counts_.size()) return all_sum_;
  double sum = 0;
  for (std::size_t age = 0; age < steps; ++age) sum += at_age(age);
  return sum;
}

double SurgeSeries::excess(std::size_t steps) const noexcept {
  return sum(steps) - mean_ * static_cast<double>(steps);
}

double SurgeSeries::at_age(std::size_t age) const noexcept {
  return counts_[(newest_ + counts_.size() - age) % counts_.size()].count;
}

void SurgeSeries::learn(double count) noexcept {
  learned_ = std::min(learned_ + 1, most_learned_);
  const double weight = 1 / learned_;
  const double off = count - mean_;
  mean_ += weight * off;
  variance_ = (1 - weight) * (variance_ + weight * off * off);
}

// A window of nothing where there should be much: the host or the tap is down, and that is no new baseline.
bool SurgeSeries::outage() const noexcept {
  constexpr double kExpected = 14;  // e^-14 is a millionth
  return window_sum_ == 0 && mean_ * static_cast<double>(window_) > kExpected * bunch();
}

// What fills the window is more than the baseline makes, but may be the day's course: that is waited for.
bool SurgeSeries::suspicious() noexcept {
  constexpr double kUnlikely = -2;
  constexpr std::size_t kPatienceWindows = 6;
  suspicious_ = log10_chance_of(window_sum_, window_) <= kUnlikely ? suspicious_ + 1 : 0;
  return suspicious_ > 0 && suspicious_ <= kPatienceWindows * window_;
}

// The first guess counts as much as five steps.
double SurgeSeries::bunch() const noexcept {
  constexpr double kGuessSteps = 5;
  if (mean_ <= 0) return first_bunch_;
  const double guess = kGuessSteps * first_bunch_ * mean_;
  return std::max(1.0, (learned_ * variance_ + guess) / ((learned_ + kGuessSteps) * mean_));
}

// That the baseline, and half as much again, makes such a count in so many steps.
double SurgeSeries::log10_chance_of(double count, std::size_t steps) const noexcept {
  const double learned = std::max(1.0, learned_);
  const double unit = bunch();
  return log10_chance(count / unit, mean_ * learned / unit, kMargin * static_cast<double>(steps) / learned);
}

// Where the sum of what is above the level is greatest: the change point of a CUSUM chart (Page 1954).
std::size_t SurgeSeries::onset(double level) const noexcept {
  double sum = 0;
  double greatest = 0;
  std::size_t onset = 0;
  for (std::size_t age = 0; age < counts_.size(); ++age) {
    sum += at_age(age) - level;
    if (sum <= greatest) continue;
    greatest = sum;
    onset = age;
  }
  return onset;
}

double r_squared(const SurgeSeries& a, const SurgeSeries& b) noexcept {
  const std::size_t steps = std::min(a.window(), b.window());
  const auto count = static_cast<double>(steps);
  const double mean_a = a.sum(steps) / count;
  const double mean_b = b.sum(steps) / count;
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (std::size_t age = 0; age < steps; ++age) {
    const double off_a = a.at_age(age) - mean_a;
    const double off_b = b.at_age(age) - mean_b;
    aa += off_a * off_a;
    bb += off_b * off_b;
    ab += off_a * off_b;
  }
  return aa > 0 && bb > 0 ? ab * ab / (aa * bb) : 0;
}

}  // namespace aggregator
