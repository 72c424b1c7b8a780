#include "aggregator/shard_step.h"

#include <iterator>

namespace aggregator {
namespace {

template <class Row>
void append(std::vector<Row>& rows, std::vector<Row>&& more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

ShardStep& ShardStep::operator+=(ShardStep&& other) {
  append(hosts, std::move(other.hosts));
  other_hosts += other.other_hosts;
  append(peers, std::move(other.peers));
  smtp_without_peer += other.smtp_without_peer;
  append(formed, std::move(other.formed));
  append(unknown, std::move(other.unknown));
  append(patterns, std::move(other.patterns));
  uncounted_matches += other.uncounted_matches;
  append(mail, std::move(other.mail));
  append(mail_clients, std::move(other.mail_clients));
  append(mail_domains, std::move(other.mail_domains));
  append(mail_codes, std::move(other.mail_codes));
  told += other.told;
  return *this;
}

void ShardStep::bound(std::size_t most) {
  for (std::size_t i = most; i < hosts.size(); ++i) other_hosts += hosts[i];
  if (hosts.size() > most) hosts.resize(most);
  for (std::size_t i = most; i < peers.size(); ++i) smtp_without_peer += peers[i].smtp_connections;
  if (peers.size() > most) peers.resize(most);
  if (formed.size() > most) formed.resize(most);
  if (unknown.size() > most) unknown.resize(most);
  for (std::size_t i = most; i < patterns.size(); ++i) uncounted_matches += patterns[i].queries;
  if (patterns.size() > most) patterns.resize(most);
  sum_equal(mail);  // one for each server
  if (mail_clients.size() > most) mail_clients.resize(most);
  if (mail_domains.size() > most) mail_domains.resize(most);
  if (mail_codes.size() > most) mail_codes.resize(most);
}

}  // namespace aggregator
