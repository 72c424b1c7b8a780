// From what the pipeline has completed to the fleet.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aggregator/host_analysis.h"
#include "mgmt/config.h"
#include "mgmt/fleet/output.h"
#include "mgmt/history/minutes.h"
#include "mgmt/live_pipeline.h"

namespace mgmt {

// The control thread, which waits in finish() only.
class FleetFeed {
 public:
  // `mail_servers` are those of `hosts` below; who asks the fleet knows hosts by `disguise`.
  FleetFeed(FleetOutputSettings settings, const std::vector<aggregator::WatchedServer>& mail_servers,
            const Disguise& disguise, FleetOutput::Say say);

  // As Minutes::take.
  void take(std::span<const LiveSecond> seconds, const aggregator::HostAnalysis* hosts) {
    minutes_.take(seconds, hosts);
  }

  // The last, unfinished minute; what is not sent soon is sent by the next run. Once.
  void finish(const aggregator::HostAnalysis* hosts);

  aggregator::LiveFleet state() { return output_.state(); }

 private:
  FleetOutput output_;
  FleetOutput::Say say_;
  Minutes minutes_;
};

// Where minutes wait for the fleet, in the state folder.
std::string fleet_folder(const std::string& state_folder);

// Says what it has to say on standard error. Null without [fleet]. Throws HistoryError, ClickHouseError.
std::unique_ptr<FleetFeed> fleet_feed(const Config& config);

}  // namespace mgmt
