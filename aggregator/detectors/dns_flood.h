// What query_flood, ptr_flood and nxdomain_burst have in common: too much of one thing at a DNS server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/dns_demand.h"
#include "aggregator/detectors/source.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/surge_series.h"

namespace aggregator {

struct DnsFloodKind {
  std::string_view name;       // of the detector
  std::string_view rate_name;  // of its rate in the evidence
  std::uint64_t ClientDemand::*count;
  std::uint64_t least;
  double for_connection;  // so many does a client need for a connection that it opens
  double for_received;    // and for one that it receives
  std::string advice;     // after the server's name
};

// It stands out if the rate is far above its baseline, and at least half of what is above it comes from
// clients that need less for what they are seen to do. One thread.
class DnsFlood {
 public:
  DnsFlood(const DetectorSettings& settings, DnsFloodKind kind);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kind_.name, "all", subject, servers_[i].all);
      carry(kind_.name, "needless", subject, servers_[i].needless);
    }
  }

 private:
  struct Server {
    SurgeSeries all;
    SurgeSeries needless;
    Source source;
  };

  void add(Server& server, const std::vector<ClientDemand>& demands, std::int64_t number,
           SurgeSeries::Learn learn) const;
  Sighting sighting(const Server& server, const ServerStep& step, const Surge& surge) const;

  DnsFloodKind kind_;
  StepCounts steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
