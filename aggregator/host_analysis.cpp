#include "aggregator/host_analysis.h"

#include <algorithm>

#include "dataplane/packet_windows.h"

namespace aggregator {

using dataplane::kPacketWindowNs;

HostAnalysis::HostAnalysis(const HostAnalysisSettings& settings)
    : maker_(settings.steps),
      series_(settings.series),
      tops_(settings.detectors.mail_servers),
      mail_(settings.detectors.mail_servers, settings.series.points,
            settings.detectors.calendar.utc_offset_s),
      detectors_(settings.detectors),
      step_seconds_(std::max<std::uint64_t>(
          1, static_cast<std::uint64_t>(settings.detectors.step_ns) / kPacketWindowNs)),
      detecting_(!settings.detectors.internal.empty() || !settings.detectors.mail_servers.empty() ||
                 !settings.detectors.dns_servers.empty()) {
  label_patterns(settings.pattern_labels);
}

void HostAnalysis::label_patterns(const std::map<std::uint32_t, std::string>& labels) {
  std::erase_if(patterns_, [](const auto& entry) { return entry.second.queries == 0; });
  for (const auto& [id, label] : labels) {
    PatternTotal& total = patterns_[id];
    total.id = id;
    total.label = label;
  }
}

void HostAnalysis::add(std::uint64_t second, ShardStep&& step, const SecondQuality& quality) {
  complete_before(second);
  uncounted_matches_ += step.uncounted_matches;
  for (const PatternCount& count : step.patterns) {
    PatternTotal& total = patterns_[count.id];
    total.id = count.id;
    total.queries += count.queries;
  }
  HostStep made = maker_.make(second, std::move(step));
  made.frames = quality.frames;
  made.lost = quality.lost;
  without_resolution_ += made.other_hosts.counts[HostField::kWithoutResolution];
  for (const HostRow& row : made.hosts) without_resolution_ += row.counts[HostField::kWithoutResolution];
  series_.add(second, made);
  tops_.observe(made);
  mail_.observe(second, made);
  if (open_) {
    *open_ += std::move(made);
    return;
  }
  made.begin_ns = static_cast<std::int64_t>(second / step_seconds_ * step_seconds_ * kPacketWindowNs);
  made.length_ns = static_cast<std::int64_t>(step_seconds_ * kPacketWindowNs);
  open_ = std::move(made);
}

HostSummary HostAnalysis::summary() const {
  const DetectorLosses losses = detectors_.losses();
  std::vector<UnjudgeableRow> not_judgeable = detectors_.not_judgeable();
  const std::uint64_t not_judgeable_hosts = not_judgeable.size();
  not_judgeable.resize(std::min(not_judgeable.size(), kTopNames));
  std::vector<PatternTotal> patterns;
  for (const auto& [id, total] : patterns_) patterns.push_back(total);
  return {.findings = detectors_.findings(),
          .learning = detectors_.learning(),
          .detecting = detecting_,
          .patterns = std::move(patterns),
          .pattern_clients = tops_.pattern_clients(kTopNames),
          .uncounted_matches = uncounted_matches_,
          .withheld_steps = losses.withheld,
          .findings_dropped = losses.findings_dropped,
          .smtp_clients = tops_.smtp_clients(kTopNames),
          .mail = mail_.summary(kTopNames),
          .not_judgeable = std::move(not_judgeable),
          .not_judgeable_hosts = not_judgeable_hosts,
          .unresolved_destinations = tops_.unresolved_destinations(kTopNames)};
}

void HostAnalysis::complete_before(std::uint64_t second) {
  if (!open_ || second < static_cast<std::uint64_t>(open_->begin_ns) / kPacketWindowNs + step_seconds_)
    return;
  detectors_.observe(*open_);
  open_.reset();
}

}  // namespace aggregator
