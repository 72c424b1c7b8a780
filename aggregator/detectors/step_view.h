// What a detector sees in one step.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/detectors/dns_demand.h"
#include "aggregator/detectors/finding_book.h"
#include "aggregator/detectors/host_habits.h"
#include "aggregator/detectors/server_step.h"
#include "aggregator/host_step.h"

namespace aggregator {

struct StepView {
  const HostStep& step;
  std::int64_t number;  // of the step, from 0
  bool learning;        // nothing is found yet
  bool answers_known;   // of this run, for as long as is learned: what was told before it is not
  std::span<HostHabits* const> habits;  // of each row of hosts; null if there was no room
  std::span<const ServerStep> mail_servers;
  std::span<const ServerStep> dns_servers;
  std::span<const std::vector<ClientDemand>> dns_demands;  // of each DNS server

  // How a baseline takes this step in that belongs to this finding.
  SurgeSeries::Learn learn(const FindingBook& book, std::string_view detector,
                           const wire::Address& subject) const {
    if (learning) return SurgeSeries::Learn::kAtOnce;
    return book.is_open(detector, subject) ? SurgeSeries::Learn::kNever : SurgeSeries::Learn::kInAWindow;
  }

  // The same of what a mail server's log says, which may have begun later.
  bool learning_log(const ServerStep& server) const noexcept { return learning || server.log_learning; }
  SurgeSeries::Learn learn_log(const FindingBook& book, std::string_view detector,
                               const ServerStep& server) const {
    return learning_log(server) ? SurgeSeries::Learn::kAtOnce : learn(book, detector, server.subject());
  }
};

}  // namespace aggregator
