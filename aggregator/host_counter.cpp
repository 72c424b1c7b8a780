#include "aggregator/host_counter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "aggregator/query_type.h"

namespace aggregator {
namespace {

using dataplane::Event;

HostField field_of_type(const Event& query) noexcept {
  return static_cast<HostField>(static_cast<std::size_t>(kQueryFields.first) + query_type_of(query));
}

// RFC 1035 section 4.1.1; no data: RFC 2308 section 2.2.
HostField field_of_rcode(const Event& response) noexcept {
  switch (response.detail.dns.rcode) {
    case 0:
      return response.detail.dns.no_data ? HostField::kNodata : HostField::kNoerror;
    case 2:
      return HostField::kServfail;
    case 3:
      return HostField::kNxdomain;
    case 5:
      return HostField::kRefused;
    default:
      return HostField::kRcodeOther;
  }
}

HostField field_of_port(std::uint32_t port) noexcept {
  switch (port) {
    case 25:
      return HostField::kConnectSmtp;
    case 110:
    case 995:
      return HostField::kConnectPop;
    case 143:
    case 993:
      return HostField::kConnectImap;
    case 80:
      return HostField::kConnectHttp;
    case 443:
      return HostField::kConnectHttps;
    case 53:
      return HostField::kConnectDns;
    case 853:
      return HostField::kConnectDot;
    case 135:
      return HostField::kConnectRpc;
    case 139:
      return HostField::kConnectNetbios;
    case 445:
      return HostField::kConnectSmb;
    default:
      return HostField::kConnectOther;
  }
}

bool is_unresolved(HostField rcode) noexcept {
  return rcode == HostField::kNxdomain || rcode == HostField::kNodata;
}

std::vector<wire::Network> single(const std::vector<wire::Address>& addresses) {
  std::vector<wire::Network> networks;
  for (const wire::Address& address : addresses) networks.emplace_back(address, 128);
  return networks;
}

std::vector<wire::Network> all_networks(const HostSettings& settings) {
  std::vector<wire::Network> networks = settings.internal;
  for (const wire::Network& network : single(settings.servers)) networks.push_back(network);
  for (const wire::Network& network : single(settings.others)) networks.push_back(network);
  return networks;
}

std::size_t per_partition(std::size_t capacity, unsigned all_partitions) noexcept {
  return std::max<std::size_t>(1, capacity / all_partitions);
}

}  // namespace

HostCounter::HostCounter(const HostSettings& settings, unsigned partitions, unsigned all_partitions)
    : internal_(settings.internal),
      servers_(single(settings.servers)),
      hosts_of_interest_(all_networks(settings)),
      doh_names_(settings.doh_names),
      hash_(settings.hash),
      hosts_(partitions, per_partition(settings.hosts, all_partitions)),
      peers_(partitions, per_partition(settings.peers, all_partitions)),
      formed_(partitions, per_partition(settings.formed, all_partitions)),
      unknown_(partitions, per_partition(settings.unknown, all_partitions)),
      matches_(partitions, per_partition(settings.matches, all_partitions)),
      resolutions_({.partitions = partitions,
                    .keys_per_partition = per_partition(settings.resolutions, all_partitions),
                    .grace_s = settings.grace_s},
                   settings.hash),
      told_(settings.told_bytes, settings.hash) {}

void HostCounter::query(const Event& event, unsigned partition, std::span<const std::uint8_t> name) noexcept {
  const HostField field = field_of_type(event);
  if (is_host(event.client)) {
    HostPart& client = host(event.client, partition);
    ++client.counts[field];
    client.names.add(event.name_hash);
    if (doh_names_.contains(event.name_hash)) ++client.counts[HostField::kQueriesDoh];
    if (event.detail.dns.formed) {
      ++client.counts[HostField::kFormed];
      if (event.kind == dataplane::EventKind::kLogQuery)
        ++client.counts[HostField::kUnresolved];  // no log of answers
      formed(event, partition, name);
    }
  }
  if (is_host(event.peer)) {
    ++host(event.peer, partition).counts[counterpart(field, kQueryFields, kAskedFields)];
    if (PeerRow* row = peer(event, partition)) {
      ++row->queries;
      if (field == HostField::kQueriesPtr) ++row->ptr_queries;
    }
  }
}

void HostCounter::matched(const Event& query, unsigned partition,
                          std::span<const std::uint32_t> ids) noexcept {
  const wire::Address client = is_host(query.client) ? query.client : wire::Address{};
  for (const std::uint32_t id : ids) {
    const auto is_row = [&](const PatternCount& row) { return row.client == client && row.id == id; };
    const auto begin = [&](PatternCount& row) {
      row.client = client;
      row.id = id;
    };
    PatternCount* row =
        matches_.row(partition, wire::mix(hash_(client), id ^ wire::kHashSeedA), is_row, begin);
    ++(row != nullptr ? row->queries : uncounted_matches_);
  }
}

void HostCounter::response(const Event& event, unsigned partition) noexcept {
  const HostField field = field_of_rcode(event);
  if (is_host(event.client)) {
    HostPart& client = host(event.client, partition);
    ++client.counts[field];
    if (event.detail.dns.formed && is_unresolved(field)) ++client.counts[HostField::kUnresolved];
    if ((event.flags & (dataplane::kHasA | dataplane::kHasAaaa)) != 0)
      ++client.counts[HostField::kAnswersWithAddress];
  }
  if (is_host(event.peer)) {
    ++host(event.peer, partition).counts[counterpart(field, kResponseFields, kSentFields)];
    if (field != HostField::kNxdomain) return;
    if (PeerRow* row = peer(event, partition)) ++row->nxdomain;
  }
}

void HostCounter::told(const Event& event, unsigned partition) noexcept {
  told_.add(told_.hash_of(event.peer));
  if (!internal_.contains(event.client)) return;
  const ToldBy by = event.kind == dataplane::EventKind::kHint ? ToldBy::kHint : ToldBy::kAnswer;
  resolutions_.told(partition, resolutions_.hash_of(event.client, event.peer), by,
                    whole_seconds(event.time_ns), event.detail.ttl);
}

void HostCounter::connect(const Event& event, unsigned partition, bool paired) noexcept {
  const HostField field = field_of_port(event.detail.port);
  const bool smtp = field == HostField::kConnectSmtp;
  if (is_host(event.client)) {
    HostPart& client = host(event.client, partition);
    ++client.counts[field];
    if (paired) ++client.counts[HostField::kPaired];
    const std::uint64_t destination = wire::hash(event.peer);
    client.destinations.add(destination);
    if (smtp) client.smtp_destinations.add(destination);
    if (internal_.contains(event.client)) ++client.counts[judge(event, partition)];
  }
  if (is_host(event.peer)) {
    HostPart& server = host(event.peer, partition);
    ++server.counts[counterpart(field, kConnectFields, kReceivedFields)];
    server.sources.add(wire::hash(event.client));
    if (!smtp || !servers_.contains(event.peer)) return;
    if (PeerRow* row = peer(event, partition)) {
      ++row->smtp_connections;
    } else {
      ++smtp_without_peer_;
    }
  }
}

void HostCounter::accept(const Event& event, unsigned partition) noexcept {
  if (is_host(event.client)) ++host(event.client, partition).counts[HostField::kGotAccept];
  if (is_host(event.peer)) ++host(event.peer, partition).counts[HostField::kAccepted];
}

ShardStep HostCounter::close() {
  return {.hosts = hosts_.take(),
          .other_hosts = std::exchange(other_hosts_, {}),
          .peers = peers_.take(),
          .smtp_without_peer = std::exchange(smtp_without_peer_, 0),
          .formed = formed_.take(),
          .unknown = unknown_.take(),
          .patterns = matches_.take(),
          .uncounted_matches = std::exchange(uncounted_matches_, 0),
          .mail = {},
          .mail_clients = {},
          .mail_domains = {},
          .mail_codes = {},
          .told = told_.close()};
}

HostPart& HostCounter::host(const wire::Address& address, unsigned partition) noexcept {
  const auto is_row = [&](const HostPart& row) { return row.host == address && row.partition == partition; };
  const auto begin = [&](HostPart& row) {
    row.host = address;
    row.partition = partition;
  };
  HostPart* row = hosts_.row(partition, hash_(address) + partition, is_row, begin);
  return row != nullptr ? *row : other_hosts_;
}

// Only of a watched server.
PeerRow* HostCounter::peer(const Event& event, unsigned partition) noexcept {
  if (!servers_.contains(event.peer)) return nullptr;
  const auto is_row = [&](const PeerRow& row) {
    return row.client == event.client && row.server == event.peer;
  };
  const auto begin = [&](PeerRow& row) {
    row.server = event.peer;
    row.client = event.client;
  };
  return peers_.row(partition, hash_(event.client, event.peer), is_row, begin);
}

void HostCounter::formed(const Event& event, unsigned partition,
                         std::span<const std::uint8_t> name) noexcept {
  if (name.empty() || !servers_.contains(event.client)) return;
  const auto is_row = [&](const FormedQuery& row) {
    return row.host == event.client && row.name_hash == event.name_hash;
  };
  const auto begin = [&](FormedQuery& row) {
    row.host = event.client;
    row.name_hash = event.name_hash;
    row.length = static_cast<std::uint8_t>(name.size());
    std::memcpy(row.octets.data(), name.data(), name.size());
  };
  FormedQuery* row = formed_.row(partition, hash_(event.client) ^ event.name_hash, is_row, begin);
  if (row != nullptr) ++row->queries;
}

// What this shard cannot tell goes to the merger as unknown, and is counted as not judged until then.
HostField HostCounter::judge(const Event& event, unsigned partition) noexcept {
  const auto by = resolutions_.judge(partition, resolutions_.hash_of(event.client, event.peer),
                                     whole_seconds(event.time_ns));
  if (by == ToldBy::kAnswer) return HostField::kResolved;
  if (by == ToldBy::kHint) return HostField::kHinted;
  const auto port = static_cast<std::uint16_t>(event.detail.port);
  const auto is_row = [&](const UnresolvedConnect& row) {
    return row.client == event.client && row.destination == event.peer && row.port == port;
  };
  const auto begin = [&](UnresolvedConnect& row) {
    row.client = event.client;
    row.destination = event.peer;
    row.port = port;
  };
  UnresolvedConnect* row = unknown_.row(partition, hash_(event.client, event.peer) + port, is_row, begin);
  if (row != nullptr) ++row->packets;
  return HostField::kNotJudged;
}

}  // namespace aggregator
