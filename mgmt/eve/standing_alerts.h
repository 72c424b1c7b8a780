// Which changes of findings are worth an alert: those that begin, get worse and end.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "mgmt/eve/event_record.h"

namespace mgmt {

// A finding changes with every step in which it stands out; whoever is paged wants to know thrice. Remembers
// the open ones, which are bounded. One thread.
class StandingAlerts {
 public:
  // Nothing: no alert. One that was over and stands out again opens anew.
  std::optional<AlertChange> take(const aggregator::FindingChange& change) {
    const aggregator::Finding& finding = change.finding;
    if (change.state == aggregator::FindingState::kClosed) {
      open_.erase(finding.id);
      return AlertChange::kClosed;
    }
    const auto [known, is_new] = open_.try_emplace(finding.id, finding.severity);
    if (is_new) return AlertChange::kOpened;
    if (finding.severity <= known->second) return std::nullopt;
    known->second = finding.severity;
    return AlertChange::kRaised;
  }

 private:
  std::map<std::uint64_t, aggregator::Severity> open_;  // by id, as told last
};

}  // namespace mgmt
