// From what the pipeline has completed to the minutes that are kept, here or elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "aggregator/host_analysis.h"
#include "mgmt/history/record.h"
#include "mgmt/live_pipeline.h"
#include "mgmt/privacy/disguise.h"

namespace mgmt {

// The control thread.
class Minutes {
 public:
  // Called for each, in the order of time: of findings those that changed.
  using Put = std::function<void(HistoryMinute minute, std::vector<HistoryFinding> findings)>;

  // `mail_servers` are those of `hosts` below; minutes and findings show hosts by `disguise`.
  Minutes(const std::vector<aggregator::WatchedServer>& mail_servers, Put put, const Disguise& disguise = {})
      : put_(std::move(put)), mail_servers_(mail_servers), disguise_(disguise) {}

  // In the order of time. `hosts` has seen them all; null if no host is counted one by one.
  void take(std::span<const LiveSecond> seconds, const aggregator::HostAnalysis* hosts);

  // The last, unfinished one. Once.
  void finish(const aggregator::HostAnalysis* hosts);

 private:
  void put(std::uint64_t until, const aggregator::HostAnalysis* hosts);
  void add_hosts(HistoryMinute& minute, const aggregator::HostAnalysis& hosts) const;
  std::vector<HistoryFinding> changed_findings(const aggregator::HostAnalysis& hosts);

  Put put_;
  std::vector<aggregator::WatchedServer> mail_servers_;
  Disguise disguise_;
  std::optional<HistoryMinute> open_;
  aggregator::SensorCounts sensor_;     // of the open minute
  std::vector<wire::Address> watched_;  // when the open minute began: of others only a part of it is known
  std::uint64_t last_ = 0;              // the second behind the newest one; 0: none yet
  std::set<std::uint64_t> closed_;      // findings that were told as such and are still kept
};

}  // namespace mgmt
