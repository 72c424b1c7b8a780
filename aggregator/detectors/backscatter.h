// Bounces of mail that others sent in our name (Musashi et al., backscattering SMTP DDoS).
#pragma once

#include <string>
#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/surge_series.h"
#include "aggregator/detectors/time_blocks.h"
#include "aggregator/detectors/top_shares.h"
#include "aggregator/distinct.h"

namespace aggregator {

// For each mail server: its unresolved FQDNs are far above their baseline. R^2 of all its queries with them,
// and the rise of SMTP connections and of SMTP clients, or of unknown users in its mail log, say how sure
// that is; with a log the finding quotes both sides. What is no backscatter: names of that form that resolve,
// and names that fail while it sends more mail than usual and receives no more.
class Backscatter {
 public:
  static constexpr std::string_view kName = "backscatter";

  explicit Backscatter(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kName, "unresolved", subject, servers_[i].unresolved);
      carry(kName, "formed", subject, servers_[i].formed);
      carry(kName, "queries", subject, servers_[i].queries);
      carry(kName, "smtp_received", subject, servers_[i].smtp_received);
      carry(kName, "smtp_clients", subject, servers_[i].smtp_clients);
      carry(kName, "smtp_sent", subject, servers_[i].smtp_sent);
      carry(kName, "logged_connects", subject, servers_[i].logged_connects);
      carry(kName, "user_unknown", subject, servers_[i].user_unknown);
    }
  }

 private:
  struct Server {
    SurgeSeries unresolved;
    SurgeSeries formed;
    SurgeSeries queries;
    SurgeSeries smtp_received;
    SurgeSeries smtp_clients;  // of each step
    SurgeSeries smtp_sent;
    SurgeSeries logged_connects;  // of the mail log, if there is one
    SurgeSeries user_unknown;
    TimeBlocks<Distinct<10>> clients;
    TopShares<std::string> domains;
  };

  void add(Server& server, const ServerStep& step, std::int64_t number, SurgeSeries::Learn learn);
  void add_log(const Server& server, const Surge& surge, Evidence& evidence) const;
  bool corroborated(const Server& server, const Surge& surge) const;
  bool explained(const Server& server, const Surge& surge) const;
  Sighting sighting(const Server& server, const ServerStep& step, const Surge& surge) const;

  DetectorSettings settings_;
  StepCounts steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
