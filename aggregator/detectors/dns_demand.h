// What clients ask a DNS server for beyond what their connections need.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/detectors/server_step.h"
#include "aggregator/host_step.h"

namespace aggregator {

// Of one client in one step. `connections` and `received` are those of the client with anybody, as far as
// they were seen: what browses, mails or crawls asks a lot, and connects.
struct ClientDemand {
  wire::Address client;
  std::uint64_t ordinary = 0;  // queries that are none of the next two
  std::uint64_t ptr = 0;
  std::uint64_t nxdomain = 0;  // answers, but those to PTR queries
  std::uint64_t connections = 0;
  std::uint64_t received = 0;
};

// One for each client of the server, but for other watched DNS servers: what they forward is judged there.
// The last is of those clients that found no room, together; its address is ::.
std::vector<ClientDemand> dns_demands(const ServerStep& server, const HostStep& step,
                                      std::span<const ServerStep> dns_servers);

}  // namespace aggregator
