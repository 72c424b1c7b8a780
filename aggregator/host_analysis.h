// From the shards' seconds to curves and findings: all that is known of hosts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/detectors.h"
#include "aggregator/host_series.h"
#include "aggregator/host_step_maker.h"
#include "aggregator/host_tops.h"
#include "aggregator/mail_tops.h"
#include "aggregator/summary.h"

namespace aggregator {

struct HostAnalysisSettings {
  HostStepSettings steps;
  DetectorSettings detectors;
  HostSeriesSettings series;
  std::map<std::uint32_t, std::string> pattern_labels;  // by id
};

// What a second was like for the sensor.
struct SecondQuality {
  std::uint64_t frames = 0;
  std::uint64_t lost = 0;  // frames missed, and events that found their ring full
};

// One thread.
class HostAnalysis {
 public:
  explicit HostAnalysis(const HostAnalysisSettings& settings);

  // In the order of time. Seconds without an event may be left out.
  void add(std::uint64_t second, ShardStep&& step, const SecondQuality& quality);

  // Nothing more will come of the seconds before this one.
  void complete_before(std::uint64_t second);

  // The patterns have been replaced.
  void label_patterns(const std::map<std::uint32_t, std::string>& labels);

  HostSummary summary() const;

  // SYNs of internal hosts to addresses that nobody was told, since the start.
  std::uint64_t without_resolution() const noexcept { return without_resolution_; }

  const Detectors& detectors() const noexcept { return detectors_; }
  Detectors& detectors() noexcept { return detectors_; }
  const HostSeriesStore& series() const noexcept { return series_; }
  const MailTops& mail() const noexcept { return mail_; }

 private:
  HostStepMaker maker_;
  HostSeriesStore series_;
  HostTops tops_;
  MailTops mail_;
  Detectors detectors_;
  std::uint64_t step_seconds_;
  std::map<std::uint32_t, PatternTotal> patterns_;  // by id; those that were replaced stay if they matched
  std::uint64_t uncounted_matches_ = 0;
  std::uint64_t without_resolution_ = 0;
  bool detecting_;
  std::optional<HostStep> open_;  // of the detectors' length
};

}  // namespace aggregator
