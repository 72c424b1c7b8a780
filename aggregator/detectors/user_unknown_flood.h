// Mail for users that a server does not have: addresses are guessed, or bounces come.
#pragma once

#include <string>
#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/source.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/surge_series.h"
#include "aggregator/detectors/top_shares.h"

namespace aggregator {

// For each mail server with a log: recipients that it turned down as unknown are far above their baseline.
// What it learns from others, that a user of theirs is unknown, is not counted: a newsletter hears that
// often. Bounces that backscatter has found are its own.
class UserUnknownFlood {
 public:
  static constexpr std::string_view kName = "user_unknown_flood";

  explicit UserUnknownFlood(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kName, "unknown", subject, servers_[i].unknown);
      carry(kName, "connects", subject, servers_[i].connects);
    }
  }

 private:
  struct Server {
    SurgeSeries unknown;
    SurgeSeries connects;
    Source source;  // of what is rejected
    TopShares<std::string> domains;
  };

  Sighting sighting(const Server& server, const ServerStep& step, const Surge& surge) const;

  StepCounts steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
