// A count per step with a baseline that it learns by itself, and whether it is far above it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/finding.h"

namespace aggregator {

// Steps in which the detectors think: the durations of the settings, with the defaults filled in.
struct StepCounts {
  explicit StepCounts(const DetectorSettings& settings);

  std::int64_t window;
  std::int64_t learn;
  std::int64_t adapt;
  std::int64_t quiet;
  std::int64_t reopen;
  double step_seconds;
};

struct Surge {
  bool clear = false;     // far above: a finding may open
  bool lasting = false;   // what was found goes on in the newest step
  std::size_t steps = 1;  // the newest ones, over which it is clearest
  std::size_t since = 0;  // steps ago it began
  double rate = 0;        // per step, over those
  double baseline = 0;    // per step
  double log10_chance = 0;

  double excess() const noexcept { return (rate - baseline) * static_cast<double>(steps); }
  double sureness() const noexcept;    // 0 to 1, by the chance
  Severity severity() const noexcept;  // by how often the baseline goes into the rate
};

// A sample becomes part of the baseline when it leaves the window, unless something stood out meanwhile, and
// for some windows waits for what is only suspicious: so the baseline follows the day and not an attack. One
// step alone is a burst and no attack. Counts come in bunches (a mail makes several queries), so
// their variance over their mean is learned too, and a count is divided by it before its chance is taken
// (quasi-Poisson, McCullagh and Nelder 1989, section 6.2). One thread.
class SurgeSeries {
 public:
  enum class Learn : std::uint8_t {
    kAtOnce,     // in the learning period
    kInAWindow,  // as a rule
    kNever       // while a finding is open
  };

  // `bunch` is the variance over the mean to begin with; `least` a count below which nothing stands out.
  SurgeSeries(const SurgeThresholds& thresholds, const StepCounts& steps, double bunch, std::uint64_t least);

  void add(std::uint64_t count, Learn learn);
  Surge surge() const;
  // What stands out in the window does not become part of the baseline.
  void hold();

  std::size_t window() const noexcept { return window_; }
  double sum(std::size_t steps) const noexcept;     // of the newest, up to three windows
  double excess(std::size_t steps) const noexcept;  // of that above the baseline
  double at_age(std::size_t age) const noexcept;    // 0: the newest; less than three windows
  double baseline() const noexcept { return mean_; }

  // The baseline without the window; for BaselineCarrier.
  std::vector<double> learned() const { return {learned_, mean_, variance_}; }
  void resume(std::span<const double> learned) noexcept;

 private:
  struct Sample {
    double count = 0;
    bool learned = true;  // or never to be
  };
  Sample& sample(std::size_t age) noexcept {
    return counts_[(newest_ + counts_.size() - age) % counts_.size()];
  }

  void learn(double count) noexcept;
  bool outage() const noexcept;
  bool suspicious() noexcept;
  bool persists(std::size_t steps, double ratio) const noexcept;
  double bunch() const noexcept;
  double log10_chance_of(double count, std::size_t steps) const noexcept;
  bool lasts() const noexcept;
  std::size_t onset(double level) const noexcept;

  SurgeThresholds thresholds_;
  double least_;
  double most_learned_;
  double first_bunch_;
  std::size_t window_;
  std::vector<Sample> counts_;  // a circle of three windows
  std::size_t newest_ = 0;
  double window_sum_ = 0;
  double all_sum_ = 0;
  std::size_t suspicious_ = 0;  // steps in a row
  double learned_ = 0;          // samples in the baseline, as far as it remembers
  double mean_ = 0;
  double variance_ = 0;
};

// The square of Pearson's correlation of the two over the window; 0 if one of them never changes.
double r_squared(const SurgeSeries& a, const SurgeSeries& b) noexcept;

}  // namespace aggregator
