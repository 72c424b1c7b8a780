// A mail server that receives connections far above its baseline.
#pragma once

#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/source.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/surge_series.h"

namespace aggregator {

// From one client, which is named, or from many. Connections of many that bring unresolved FQDNs with them
// are bounces: those are backscatter's.
class SmtpFlood {
 public:
  static constexpr std::string_view kName = "smtp_flood";

  explicit SmtpFlood(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kName, "connections", subject, servers_[i].connections);
      carry(kName, "unresolved", subject, servers_[i].unresolved);
    }
  }

 private:
  struct Server {
    SurgeSeries connections;
    SurgeSeries unresolved;
    Source source;
  };

  bool bounces(const Server& server, const Surge& surge) const;
  Sighting sighting(const Server& server, const ServerStep& step, const Surge& surge) const;

  StepCounts steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
