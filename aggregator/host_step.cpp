#include "aggregator/host_step.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace aggregator {
namespace {

auto key(const HostRow& row) {
  return std::tie(row.host);
}
auto key(const PeerRow& row) {
  return std::tie(row.server, row.client);
}
auto key(const FormedName& name) {
  return std::tie(name.host, name.domain);
}
auto key(const PatternCount& count) {
  return std::tie(count.client, count.id);
}
auto key(const UnresolvedConnect& connect) {
  return std::tie(connect.client, connect.destination, connect.port);
}
auto key(const MailRow& row) {
  return std::tie(row.server);
}
auto key(const MailClientRow& row) {
  return std::tie(row.server, row.client);
}
auto key(const MailDomainRow& row) {
  return std::tie(row.server, row.domain);
}
auto key(const MailCodeRow& row) {
  return std::tie(row.server, row.dsn);
}

template <class Row>
bool before(const Row& a, const Row& b) {
  return key(a) < key(b);
}

// Of sorted rows.
template <class Row>
void add_neighbours(std::vector<Row>& rows) {
  auto last = rows.begin();
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    if (row == last) continue;
    if (key(*row) == key(*last)) {
      *last += *row;
    } else if (++last != row) {
      *last = std::move(*row);
    }
  }
  if (!rows.empty()) rows.erase(last + 1, rows.end());
}

// Both sorted and without two rows of one key; so is the sum.
template <class Row>
void merge(std::vector<Row>& rows, std::vector<Row>&& more) {
  const auto middle = static_cast<std::ptrdiff_t>(rows.size());
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(), before<Row>);
  add_neighbours(rows);
}

template <class Row>
void sort_and_add(std::vector<Row>& rows) {
  std::sort(rows.begin(), rows.end(), before<Row>);
  add_neighbours(rows);
}

}  // namespace

void sum_equal(std::vector<PeerRow>& rows) {
  sort_and_add(rows);
}
void sum_equal(std::vector<FormedName>& rows) {
  sort_and_add(rows);
}
void sum_equal(std::vector<UnresolvedConnect>& rows) {
  sort_and_add(rows);
}
void sum_equal(std::vector<PatternCount>& rows) {
  sort_and_add(rows);
}
void sum_equal(std::vector<MailRow>& rows) {
  sort_and_add(rows);
}
void sum_equal(std::vector<MailClientRow>& rows) {
  sort_and_add(rows);
}
void sum_equal(std::vector<MailDomainRow>& rows) {
  sort_and_add(rows);
}
void sum_equal(std::vector<MailCodeRow>& rows) {
  sort_and_add(rows);
}

HostStep& HostStep::operator+=(HostStep&& other) {
  merge(hosts, std::move(other.hosts));
  other_hosts += other.other_hosts;
  merge(peers, std::move(other.peers));
  smtp_without_peer += other.smtp_without_peer;
  merge(formed, std::move(other.formed));
  merge(unresolved, std::move(other.unresolved));
  merge(patterns, std::move(other.patterns));
  merge(mail, std::move(other.mail));
  merge(mail_clients, std::move(other.mail_clients));
  merge(mail_domains, std::move(other.mail_domains));
  merge(mail_codes, std::move(other.mail_codes));
  frames += other.frames;
  lost += other.lost;
  return *this;
}

}  // namespace aggregator
