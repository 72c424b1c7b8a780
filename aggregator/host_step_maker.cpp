#include "aggregator/host_step_maker.h"

#include <algorithm>
#include <vector>

#include "aggregator/detectors/rows_of.h"
#include "aggregator/query_type.h"
#include "dataplane/packet_windows.h"
#include "wire/dns_name.h"

namespace aggregator {
namespace {

using dataplane::kPacketWindowNs;

HostRow row_of(const HostPart& part) {
  HostRow row;
  row.host = part.host;
  row.counts += part.counts;
  row.destinations = part.destinations;
  row.smtp_destinations = part.smtp_destinations;
  row.names = part.names;
  row.sources = part.sources;
  return row;
}

std::vector<HostRow> merged(std::vector<HostPart>&& parts) {
  std::sort(parts.begin(), parts.end(), [](const HostPart& a, const HostPart& b) { return a.host < b.host; });
  std::vector<HostRow> rows;
  for (const HostPart& part : parts) {
    if (rows.empty() || rows.back().host != part.host) {
      rows.push_back(row_of(part));
    } else {
      rows.back() += row_of(part);
    }
  }
  return rows;
}

// What the tap saw of the DNS queries of a mail server.
MailRow seen_row(const WatchedServer& server, const HostStep& step) {
  MailRow row;
  row.server = server.addresses.front();
  for (const wire::Address& address : server.addresses) {
    for (const HostRow& host : rows_of(step.hosts, address, &HostRow::host)) {
      for (std::size_t type = 0; type < kQueryTypes; ++type) {
        row.counts.of[static_cast<std::size_t>(MailField::kSeenA) + type] +=
            host.counts.of[static_cast<std::size_t>(kQueryFields.first) + type];
      }
      row.counts[MailField::kSeenFormed] += host.counts[HostField::kFormed];
      row.counts[MailField::kSeenUnresolved] += host.counts[HostField::kUnresolved];
    }
  }
  return row;
}

// Connections of `host` that are judged now: they stand in its row, or with the others if it found no room as
// a client.
void move_judged(const wire::Address& host, std::uint64_t packets, HostField verdict, HostStep& step) {
  const auto at =
      std::lower_bound(step.hosts.begin(), step.hosts.end(), host,
                       [](const HostRow& row, const wire::Address& key) { return row.host < key; });
  std::uint64_t left = packets;
  if (at != step.hosts.end() && at->host == host) {
    const std::uint64_t of_row = std::min(left, at->counts[HostField::kNotJudged]);
    at->counts[HostField::kNotJudged] -= of_row;
    at->counts[verdict] += of_row;
    left -= of_row;
  }
  step.other_hosts.counts[HostField::kNotJudged] -= left;
  step.other_hosts.counts[verdict] += left;
}

}  // namespace

HostStepMaker::HostStepMaker(const HostStepSettings& settings)
    : settings_(settings),
      exempt_hosts_(settings.exempt_hosts),
      recent_({.filter_bytes = settings.told_bytes}, settings.hash) {}

HostStep HostStepMaker::make(std::uint64_t second, ShardStep&& step) {
  recent_.add(step.told, static_cast<std::uint32_t>(second));
  HostStep result;
  result.begin_ns = static_cast<std::int64_t>(second * kPacketWindowNs);
  result.length_ns = kPacketWindowNs;
  result.hosts = merged(std::move(step.hosts));
  result.other_hosts = row_of(step.other_hosts);
  result.peers = std::move(step.peers);
  sum_equal(result.peers);
  result.smtp_without_peer = step.smtp_without_peer;
  result.formed = domains_of(step.formed);
  result.patterns = std::move(step.patterns);
  sum_equal(result.patterns);
  result.unresolved = std::move(step.unknown);
  sum_equal(result.unresolved);
  judge(second, result);
  add_mail(std::move(step), result);
  return result;
}

// A server whose logs said something once has a row in each second from then on, with what the tap, if there
// is one, saw of it.
void HostStepMaker::add_mail(ShardStep&& step, HostStep& result) {
  result.mail = std::move(step.mail);
  for (const MailRow& row : result.mail) logged_servers_.insert(row.server);
  for (const WatchedServer& server : settings_.mail_servers) {
    if (settings_.tap && logged_servers_.contains(server.addresses.front()))
      result.mail.push_back(seen_row(server, result));
  }
  sum_equal(result.mail);
  result.mail_clients = std::move(step.mail_clients);
  sum_equal(result.mail_clients);
  result.mail_codes = std::move(step.mail_codes);
  sum_equal(result.mail_codes);
  for (const MailDomainPart& part : step.mail_domains)
    result.mail_domains.push_back(
        {part.server, std::string(part.text.data(), part.length), part.deferred, part.rejected});
  sum_equal(result.mail_domains);
}

// Leaves the connections without resolution among `unresolved`.
void HostStepMaker::judge(std::uint64_t second, HostStep& step) const {
  std::erase_if(step.unresolved, [&](const UnresolvedConnect& connect) {
    const HostField verdict = verdict_on(second, connect);
    if (verdict != HostField::kNotJudged) move_judged(connect.client, connect.packets, verdict, step);
    return verdict != HostField::kWithoutResolution;
  });
}

HostField HostStepMaker::verdict_on(std::uint64_t second, const UnresolvedConnect& connect) const {
  const bool exempt_port = std::find(settings_.exempt_ports.begin(), settings_.exempt_ports.end(),
                                     connect.port) != settings_.exempt_ports.end();
  if (exempt_port || exempt_hosts_.contains(connect.client)) return HostField::kNotJudged;
  return recent_.contains(connect.destination, static_cast<std::uint32_t>(second))
             ? HostField::kResolvedByOther
             : HostField::kWithoutResolution;
}

std::vector<FormedName> HostStepMaker::domains_of(const std::vector<FormedQuery>& queries) const {
  std::vector<FormedName> names;
  for (const FormedQuery& query : queries) names.push_back({query.host, domain_of(query), query.queries});
  sum_equal(names);
  return names;
}

// The registered domain of what stands before the local domain; all of that if it is a public suffix.
std::string HostStepMaker::domain_of(const FormedQuery& query) const {
  matchers::WireName name(query.octets.begin(), query.octets.begin() + query.length);
  for (const matchers::WireName& local : settings_.local_domains) {
    if (name.size() <= local.size() || !std::equal(local.rbegin(), local.rend(), name.rbegin())) continue;
    name.resize(name.size() - local.size());
    name.push_back(0);
    break;
  }
  const std::size_t octets = settings_.suffixes ? settings_.suffixes->registered_domain(name) : 0;
  const std::span<const std::uint8_t> whole(name);
  return wire::to_text(octets == 0 ? whole : whole.last(octets));
}

}  // namespace aggregator
