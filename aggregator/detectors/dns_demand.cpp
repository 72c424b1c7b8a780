#include "aggregator/detectors/dns_demand.h"

#include <algorithm>

namespace aggregator {
namespace {

std::uint64_t less(std::uint64_t from, std::uint64_t what) {
  return from > what ? from - what : 0;
}

ClientDemand demand_of(const wire::Address& client, std::uint64_t queries, std::uint64_t ptr,
                       std::uint64_t nxdomain) {
  ClientDemand demand;
  demand.client = client;
  demand.ordinary = less(queries, std::max(ptr, nxdomain));
  demand.ptr = ptr;
  demand.nxdomain = less(nxdomain, ptr);
  return demand;
}

}  // namespace

std::vector<ClientDemand> dns_demands(const ServerStep& server, const HostStep& step,
                                      std::span<const ServerStep> dns_servers) {
  std::vector<wire::Address> forwarders;
  for (const ServerStep& other : dns_servers) {
    forwarders.insert(forwarders.end(), other.server->addresses.begin(), other.server->addresses.end());
  }
  std::ranges::sort(forwarders);
  std::vector<ClientDemand> demands;
  std::size_t rows = 1;
  for (const auto& peers : server.peers) rows += peers.size();
  demands.reserve(rows);
  PeerRow sum;
  for (const auto& peers : server.peers) {
    auto host = step.hosts.begin();  // Both are sorted by address.
    for (const PeerRow& peer : peers) {
      sum.queries += peer.queries;
      sum.ptr_queries += peer.ptr_queries;
      sum.nxdomain += peer.nxdomain;
      if (peer.queries + peer.nxdomain == 0 || std::ranges::binary_search(forwarders, peer.client)) continue;
      demands.push_back(demand_of(peer.client, peer.queries, peer.ptr_queries, peer.nxdomain));
      while (host != step.hosts.end() && host->host < peer.client) ++host;
      if (host == step.hosts.end() || host->host != peer.client) continue;
      demands.back().connections =
          less(host->counts.connections(), host->counts[HostField::kWithoutResolution]);
      demands.back().received = host->counts.received();
    }
  }
  demands.push_back(demand_of({}, less(server.counts.asked(), sum.queries),
                              less(server.counts[HostField::kAskedPtr], sum.ptr_queries),
                              less(server.counts[HostField::kSentNxdomain], sum.nxdomain)));
  return demands;
}

}  // namespace aggregator
