#include "aggregator/host_tops.h"

#include <algorithm>
#include <cmath>

#include "aggregator/detectors/rows_of.h"

namespace aggregator {

HostTops::HostTops(const std::vector<WatchedServer>& mail_servers, std::size_t capacity)
    : pattern_clients_(capacity), destinations_(capacity) {
  for (const WatchedServer& server : mail_servers)
    mail_servers_.push_back({server, SpaceSaving<wire::Address>(capacity)});
}

void HostTops::observe(const HostStep& step) {
  for (MailServer& mail_server : mail_servers_) observe_clients(mail_server, step);
  for (const PatternCount& match : step.patterns) {
    const std::uint64_t hash = wire::mix(hash_(match.client), match.id ^ wire::kHashSeedA);
    pattern_clients_.add({match.id, match.client}, hash, match.queries);
  }
  for (const UnresolvedConnect& connect : step.unresolved) {
    const std::uint64_t hash = hash_(connect.destination) + connect.port;
    destinations_.add({connect.destination, connect.port}, hash, connect.packets)
        .add(wire::hash(connect.client));
  }
}

void HostTops::observe_clients(MailServer& mail_server, const HostStep& step) {
  for (const wire::Address& address : mail_server.server.addresses) {
    for (const PeerRow& peer : rows_of(step.peers, address, &PeerRow::server)) {
      if (peer.smtp_connections > 0)
        mail_server.clients.add(peer.client, hash_(peer.client), peer.smtp_connections);
    }
  }
  mail_server.clients.add_unknown(step.smtp_without_peer);  // which server's, is not known either
}

std::vector<SmtpClientRow> HostTops::smtp_clients(std::size_t most) const {
  std::vector<SmtpClientRow> rows;
  for (const MailServer& mail_server : mail_servers_) {
    const WatchedServer& server = mail_server.server;
    for (const auto& client : mail_server.clients.top(most))
      rows.push_back({server.addresses.front(), server.name, client.key, client.count, client.error});
  }
  return rows;
}

std::vector<PatternClientRow> HostTops::pattern_clients(std::size_t most) const {
  std::vector<PatternClientRow> rows;
  for (const auto& row : pattern_clients_.top(most))
    rows.push_back({row.key.id, row.key.client, row.count, row.error});
  return rows;
}

std::vector<UnresolvedDestinationRow> HostTops::unresolved_destinations(std::size_t most) const {
  std::vector<UnresolvedDestinationRow> rows;
  for (const auto& destination : destinations_.top(most)) {
    const auto clients = static_cast<std::uint64_t>(std::llround(destination.note.estimate()));
    rows.push_back({destination.key.address, destination.key.port, destination.count, destination.error,
                    std::min(clients, destination.count)});
  }
  return rows;
}

}  // namespace aggregator
