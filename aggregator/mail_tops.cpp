#include "aggregator/mail_tops.h"

#include <algorithm>
#include <functional>

#include "aggregator/detectors/rows_of.h"

namespace aggregator {
namespace {

std::vector<MailDomainCount> top_of(const SpaceSaving<std::string>& ranking, std::size_t most) {
  std::vector<MailDomainCount> rows;
  for (const auto& row : ranking.top(most)) rows.push_back({row.key, row.count, row.error});
  return rows;
}

}  // namespace

MailTops::Server::Server(const WatchedServer& server, const MailSeries& empty)
    : watched(server), series(empty), clients(kCapacity), deferred(kCapacity), rejected(kCapacity) {}

MailTops::MailTops(const std::vector<WatchedServer>& servers,
                   const std::array<std::size_t, kSeriesSteps>& points, std::int64_t east_s) {
  for (const WatchedServer& server : servers) servers_.emplace_back(server, MailSeries(points, east_s));
}

void MailTops::observe(std::uint64_t second, const HostStep& step) {
  for (Server& server : servers_) observe(second, server, step);
}

void MailTops::observe(std::uint64_t second, Server& server, const HostStep& step) const {
  const wire::Address& address = server.watched.addresses.front();
  for (const MailRow& row : rows_of(step.mail, address, &MailRow::server)) {
    server.known = true;
    server.counts += row.counts;
    server.series.add(second, row.counts);
  }
  for (const MailClientRow& row : rows_of(step.mail_clients, address, &MailClientRow::server)) {
    if (row.connects > 0) server.clients.add(row.client, hash_(row.client), row.connects);
  }
  for (const MailDomainRow& row : rows_of(step.mail_domains, address, &MailDomainRow::server)) {
    if (row.deferred > 0) server.deferred.add(row.domain, hash_(row.domain), row.deferred);
    if (row.rejected > 0) server.rejected.add(row.domain, hash_(row.domain), row.rejected);
  }
  for (const MailCodeRow& row : rows_of(step.mail_codes, address, &MailCodeRow::server)) {
    if (server.codes.size() < kMostCodes || server.codes.contains(row.dsn))
      server.codes[row.dsn] += row.rejected;
  }
}

std::vector<MailServerSummary> MailTops::summary(std::size_t most) const {
  std::vector<MailServerSummary> summaries;
  for (const Server& server : servers_) {
    if (!server.known) continue;
    MailServerSummary& summary = summaries.emplace_back();
    summary.server = server.watched.addresses.front();
    summary.name = server.watched.name;
    summary.counts = server.counts;
    for (const auto& row : server.clients.top(most))
      summary.clients.push_back({row.key, row.count, row.error});
    summary.deferred_domains = top_of(server.deferred, most);
    summary.rejected_domains = top_of(server.rejected, most);
    for (const auto& [dsn, count] : server.codes) summary.codes.push_back({dsn, count});
    std::ranges::stable_sort(summary.codes, std::ranges::greater{}, &MailCodeCount::count);
  }
  return summaries;
}

const MailSeries* MailTops::series(const wire::Address& server) const {
  for (const Server& known : servers_) {
    if (known.known && known.watched.addresses.front() == server) return &known.series;
  }
  return nullptr;
}

}  // namespace aggregator
