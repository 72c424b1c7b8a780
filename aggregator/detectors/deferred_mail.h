// A mail server that tries again and again to deliver mail (Musashi et al., Frethem.K: N_to far above
// N_from).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/surge_series.h"
#include "aggregator/detectors/top_shares.h"
#include "aggregator/periodicity.h"

namespace aggregator {

// For each mail server with a log: deferred deliveries are far above their baseline, they are a good part of
// all, and there are more attempts for each mail and recipient than usual. Names the domains that defer most,
// and the period in which it tries, if there is one. What is none: a newsletter, which has many attempts for
// a mail, but one for a recipient.
class DeferredMail {
 public:
  static constexpr std::string_view kName = "deferred_mail";

  explicit DeferredMail(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kName, "deferred", subject, servers_[i].deferred);
      carry(kName, "attempts", subject, servers_[i].attempts);
      carry(kName, "mails", subject, servers_[i].mails);
      carry(kName, "recipients", subject, servers_[i].recipients);
      carry.list(kName, "history", subject, servers_[i].history, kBlocks);
    }
  }

 private:
  static constexpr std::size_t kBlocks = 360;  // six hours, where the window is five minutes

  struct Server {
    SurgeSeries deferred;
    SurgeSeries attempts;
    SurgeSeries mails;
    SurgeSeries recipients;
    TopShares<std::string> domains;
    std::vector<double> history;   // deferred in each block, the newest last; kBlocks at most
    std::int64_t block_steps = 0;  // in the newest
  };

  void add(Server& server, const ServerStep& step, std::int64_t number, SurgeSeries::Learn learn);
  static double attempts_each(double attempts, double mails, double recipients);
  bool tried_again(const Server& server, const Surge& surge) const;
  static std::optional<Ripple> ripple(const Server& server);
  Sighting sighting(const Server& server, const ServerStep& step, const Surge& surge) const;

  DetectorSettings settings_;
  StepCounts steps_;
  std::int64_t block_steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
