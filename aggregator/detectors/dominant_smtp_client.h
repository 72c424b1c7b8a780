// One SMTP client that drives a mail server's connections and brings no mail (Musashi et al.: an access
// list's "reject" ends it).
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/surge_series.h"

namespace aggregator {

// For each mail server with a log: its connects are far above their baseline, most of what is above is one
// client's, and most of that comes to nothing, since it is rejected or mails do not rise with it. Says which
// line in an access list would end it, and what connects and queries would be then.
class DominantSmtpClient {
 public:
  static constexpr std::string_view kName = "dominant_smtp_client";

  explicit DominantSmtpClient(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kName, "connects", subject, servers_[i].connects);
      carry(kName, "mails", subject, servers_[i].mails);
      carry(kName, "queries", subject, servers_[i].queries);
    }
  }

 private:
  // Of the busiest of one step.
  struct Client {
    wire::Address address;
    double connects = 0;
    double rejected = 0;
  };
  struct Server {
    SurgeSeries connects;
    SurgeSeries mails;
    SurgeSeries queries;
    std::deque<std::vector<Client>> recent;  // steps of the window
  };

  static std::vector<Client> busiest(const ServerStep& step);
  void add(Server& server, const ServerStep& step, SurgeSeries::Learn learn);
  static Client top_client(const Server& server, std::size_t steps);
  bool fruitless(const Server& server, const Client& client, const Surge& surge) const;
  Sighting sighting(const Server& server, const StepView& view, const ServerStep& step, const Client& client,
                    const Surge& surge) const;

  DetectorSettings settings_;
  StepCounts steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
