// What the logs of a mail server come to since the start.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/host_step.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/mail_series.h"
#include "aggregator/space_saving.h"
#include "aggregator/summary.h"

namespace aggregator {

// Sums, rankings and curves of each server. One thread; memory is bounded.
class MailTops {
 public:
  static constexpr std::size_t kCapacity = 1 << 12;  // of each ranking
  static constexpr std::size_t kMostCodes = 256;     // of a server; others are not told apart
  // Days begin at midnight `east_s` seconds east of Greenwich.
  MailTops(const std::vector<WatchedServer>& servers, const std::array<std::size_t, kSeriesSteps>& points,
           std::int64_t east_s);

  void observe(std::uint64_t second, const HostStep& step);

  // Servers whose logs said something, in the order given; at most `most` of each ranking.
  std::vector<MailServerSummary> summary(std::size_t most) const;

  // Null if its logs said nothing. `server` is the first address.
  const MailSeries* series(const wire::Address& server) const;

 private:
  struct Server {
    Server(const WatchedServer& watched, const MailSeries& empty);

    WatchedServer watched;
    bool known = false;
    MailCounts counts;
    MailSeries series;
    SpaceSaving<wire::Address> clients;
    SpaceSaving<std::string> deferred;
    SpaceSaving<std::string> rejected;
    std::map<std::uint64_t, std::uint64_t> codes;  // by DSN
  };

  void observe(std::uint64_t second, Server& server, const HostStep& step) const;

  KeyedHash hash_;
  std::vector<Server> servers_;
};

}  // namespace aggregator
