// A mail server whose DNS queries are not what its mail makes necessary (Musashi, Matsuba and Sugitani).
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/mail_load.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/rolling_regression.h"

namespace aggregator {

// For each mail server with a log: its queries, of the query log if that is there, else of the wire, leave
// the band of those calculated from its mail by a regression over the last hours; both ways. Above: the cache
// it asked is dead, if each session asks more of the same types; or queries come that no mail explains.
// Below: it asks elsewhere. What costs queries of a kind that was never seen has a wide band at first.
class MailRegression {
 public:
  static constexpr std::string_view kName = "mail_regression";

  explicit MailRegression(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kName, "model", subject, servers_[i].model);
      MailLoad& usual = servers_[i].usual;
      double by_query_log = servers_[i].by_query_log ? 1 : 0;
      carry.numbers(kName, "usual", subject,
                    {&by_query_log, &servers_[i].learned, &usual.queries, &usual.types[0], &usual.types[1],
                     &usual.types[2], &usual.types[3]});
      servers_[i].by_query_log = by_query_log != 0;
    }
  }

 private:
  // Queries follow their mail within a block, of which five make the window.
  static constexpr std::size_t kBlocks = 5;

  struct Block {
    MailLoad load;
    bool learned = false;  // or never to be
  };
  struct Server {
    explicit Server(const StepCounts& steps);

    RollingRegression model;
    MailLoad usual;            // a block, as far as it remembers
    double learned = 0;        // blocks in that
    std::deque<Block> recent;  // whole ones, the newest last
    MailLoad open;
    std::int64_t open_steps = 0;
    bool by_query_log = false;
  };
  // Of the newest blocks.
  struct Verdict {
    double observed = 0;
    double calculated = 0;
    double deviation = 0;
    double off() const noexcept { return (observed - calculated) / deviation; }
    double ratio() const noexcept;  // at least 1, either way
  };

  bool close_block(Server& server, const ServerStep& step);
  static bool silent(const Server& server);
  static void learn(Server& server, Block& block, double most);
  static Verdict verdict(const Server& server, const RollingFit& fit, std::size_t blocks);
  bool out(const Verdict& verdict, double deviations, double ratio) const;
  bool lost_explains(const Server& server, const Verdict& verdict, const FindingBook& book) const;
  static double type_change(const Server& server);
  Sighting sighting(const Server& server, const ServerStep& step, const RollingFit& fit) const;

  DetectorSettings settings_;
  StepCounts steps_;
  std::int64_t block_steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
