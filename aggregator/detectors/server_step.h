// What a watched server did in one step, at all its addresses.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/host_step.h"

namespace aggregator {

struct ServerStep {
  const WatchedServer* server = nullptr;
  HostCounts counts;
  std::vector<std::span<const PeerRow>> peers;      // a span for each address with some
  std::vector<std::span<const FormedName>> formed;  // likewise
  MailCounts mail;
  std::vector<std::span<const MailClientRow>> mail_clients;
  std::vector<std::span<const MailDomainRow>> mail_domains;
  bool logged = false;        // its mail log says something, or has said so before
  bool log_learning = false;  // but not yet for as long as is learned

  bool query_logged = false;  // the DNS servers' query logs name it, or have done so before

  // D_q: of the query log if there is one, else of the wire.
  std::uint64_t queries() const noexcept { return query_logged ? mail.logged_queries() : counts.queries(); }
  const wire::Address& subject() const { return server->addresses.front(); }
};

// Views into `step`, in the order of `servers`.
std::vector<ServerStep> server_steps(const std::vector<WatchedServer>& servers, const HostStep& step);

}  // namespace aggregator
