// Who connects to the mail servers most, and which destinations without resolution are tried most.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/distinct.h"
#include "aggregator/host_step.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/space_saving.h"
#include "aggregator/summary.h"

namespace aggregator {

// Since the start. One thread; memory is bounded.
class HostTops {
 public:
  // Of each mail server `capacity` clients are told apart, 96 bytes each, and as many destinations, 160 bytes
  // each.
  static constexpr std::size_t kCapacity = 1 << 14;
  explicit HostTops(const std::vector<WatchedServer>& mail_servers, std::size_t capacity = kCapacity);

  void observe(const HostStep& step);

  // By server in the order given, its busiest clients first; at most `most` of each.
  std::vector<SmtpClientRow> smtp_clients(std::size_t most) const;
  // Most queries first; at most `most`.
  std::vector<PatternClientRow> pattern_clients(std::size_t most) const;
  // Most packets first; at most `most`.
  std::vector<UnresolvedDestinationRow> unresolved_destinations(std::size_t most) const;

 private:
  struct MailServer {
    WatchedServer server;
    SpaceSaving<wire::Address> clients;
  };
  struct Destination {
    wire::Address address;
    std::uint16_t port = 0;
    auto operator<=>(const Destination&) const = default;
  };

  struct PatternClient {
    std::uint32_t id = 0;
    wire::Address client;
    auto operator<=>(const PatternClient&) const = default;
  };

  void observe_clients(MailServer& mail_server, const HostStep& step);

  KeyedHash hash_;
  std::vector<MailServer> mail_servers_;
  SpaceSaving<PatternClient> pattern_clients_;
  SpaceSaving<Destination, SmallDistinct> destinations_;  // and the clients that tried them
};

}  // namespace aggregator
