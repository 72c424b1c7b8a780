#include "aggregator/shard_window.h"

#include <algorithm>
#include <functional>

namespace aggregator {
namespace {

void add_each(std::vector<std::uint64_t>& sums, const std::vector<std::uint64_t>& terms) noexcept {
  std::transform(sums.begin(), sums.end(), terms.begin(), sums.begin(), std::plus<>());
}

}  // namespace

DnsTally& DnsTally::operator+=(const DnsTally& other) noexcept {
  udp_queries += other.udp_queries;
  udp_responses += other.udp_responses;
  tcp_queries += other.tcp_queries;
  tcp_responses += other.tcp_responses;
  malformed += other.malformed;
  no_question += other.no_question;
  add_each(types, other.types);
  add_each(rcodes, other.rcodes);
  return *this;
}

PairingTally& PairingTally::operator+=(const PairingTally& other) noexcept {
  answers += other.answers;
  answers_with_address += other.answers_with_address;
  a_records += other.a_records;
  aaaa_records += other.aaaa_records;
  syns_following += other.syns_following;
  losses.pushed_out += other.losses.pushed_out;
  losses.evicted += other.losses.evicted;
  add_each(syn_ports, other.syn_ports);
  add_each(paired_ports, other.paired_ports);
  delays += other.delays;
  return *this;
}

ClientRow& operator+=(ClientRow& row, const ClientRow& other) noexcept {
  row.queries += other.queries;
  row.responses += other.responses;
  row.nxdomain += other.nxdomain;
  row.connections += other.connections;
  row.paired += other.paired;
  row.quic += other.quic;
  return row;
}

ClientTally& ClientTally::operator+=(const ClientTally& other_tally) {
  rows.insert(rows.end(), other_tally.rows.begin(), other_tally.rows.end());
  other += other_tally.other;
  other_events += other_tally.other_events;
  return *this;
}

void ClientTally::bound(std::size_t most) {
  constexpr std::size_t kRowsBeforeMerging = 4096;
  const std::size_t added = rows.size() - merged_rows_;
  if (added > std::max(std::min(kRowsBeforeMerging, most), merged_rows_)) merge_added_rows(most);
}

// The clients known before stay known.
void ClientTally::merge_added_rows(std::size_t most) {
  const auto known_end = rows.begin() + static_cast<std::ptrdiff_t>(merged_rows_);
  std::vector<ClientRow> known(rows.begin(), known_end);
  std::vector<ClientRow> fresh(known_end, rows.end());
  const auto by_address = [](const ClientRow& a, const ClientRow& b) { return a.address < b.address; };
  std::sort(fresh.begin(), fresh.end(), by_address);

  std::vector<ClientRow> unknown;
  auto at = known.begin();
  for (const ClientRow& row : fresh) {
    at = std::lower_bound(at, known.end(), row, by_address);
    if (at != known.end() && at->address == row.address) {
      *at += row;
    } else if (!unknown.empty() && unknown.back().address == row.address) {
      unknown.back() += row;
    } else if (known.size() + unknown.size() < most) {
      unknown.push_back(row);
    } else {
      other += row;
      other_events += row.queries + row.responses + row.connections + row.quic;
    }
  }
  const auto middle = known.insert(known.end(), unknown.begin(), unknown.end());
  std::inplace_merge(known.begin(), middle, known.end(), by_address);
  rows = std::move(known);
  merged_rows_ = rows.size();
}

ShardWindow& ShardWindow::operator+=(const ShardWindow& other) {
  dns += other.dns;
  syn += other.syn;
  syn_ack += other.syn_ack;
  quic_initial += other.quic_initial;
  pairing += other.pairing;
  clients += other.clients;
  names += other.names;
  domains += other.domains;
  return *this;
}

}  // namespace aggregator
