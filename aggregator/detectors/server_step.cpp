#include "aggregator/detectors/server_step.h"

#include <algorithm>

#include "aggregator/detectors/rows_of.h"

namespace aggregator {

namespace {

// Of a mail log, and not of query logs alone.
bool says_something(const MailCounts& counts) noexcept {
  const auto first_of_queries = counts.of.begin() + static_cast<std::ptrdiff_t>(MailField::kLoggedA);
  return std::any_of(counts.of.begin(), first_of_queries, [](std::uint64_t count) { return count > 0; });
}

}  // namespace

std::vector<ServerStep> server_steps(const std::vector<WatchedServer>& servers, const HostStep& step) {
  std::vector<ServerStep> result;
  result.reserve(servers.size());
  for (const WatchedServer& server : servers) {
    ServerStep& sum = result.emplace_back();
    sum.server = &server;
    for (const wire::Address& address : server.addresses) {
      for (const HostRow& row : rows_of(step.hosts, address, &HostRow::host)) sum.counts += row.counts;
      const auto peers = rows_of(step.peers, address, &PeerRow::server);
      if (!peers.empty()) sum.peers.push_back(peers);
      const auto formed = rows_of(step.formed, address, &FormedName::host);
      if (!formed.empty()) sum.formed.push_back(formed);
      const auto mail = rows_of(step.mail, address, &MailRow::server);
      for (const MailRow& row : mail) sum.mail += row.counts;
      const auto clients = rows_of(step.mail_clients, address, &MailClientRow::server);
      if (!clients.empty()) sum.mail_clients.push_back(clients);
      const auto domains = rows_of(step.mail_domains, address, &MailDomainRow::server);
      if (!domains.empty()) sum.mail_domains.push_back(domains);
    }
    sum.logged = says_something(sum.mail);
    sum.query_logged = sum.mail.logged_queries() > 0;
  }
  return result;
}

}  // namespace aggregator
