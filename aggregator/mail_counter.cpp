#include "aggregator/mail_counter.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "aggregator/query_type.h"

namespace aggregator {
namespace {

using dataplane::Event;
using wire::MailFactKind;
using wire::MailReason;

MailField field_of(MailFactKind kind) noexcept {
  switch (kind) {
    case MailFactKind::kFrom:
      return MailField::kFrom;
    case MailFactKind::kSent:
      return MailField::kSent;
    case MailFactKind::kDeferred:
      return MailField::kDeferred;
    case MailFactKind::kBounced:
      return MailField::kBounced;
    case MailFactKind::kExpired:
      return MailField::kExpired;
    case MailFactKind::kPop:
      return MailField::kPop;
    case MailFactKind::kImap:
      return MailField::kImap;
    default:
      return MailField::kConnects;
  }
}

MailField field_of(MailReason reason) noexcept {
  switch (reason) {
    case MailReason::kRelayDenied:
      return MailField::kRelayDenied;
    case MailReason::kRecipientRejected:
      return MailField::kRecipientRejected;
    case MailReason::kUserUnknown:
      return MailField::kUserUnknown;
    case MailReason::kSenderRejected:
      return MailField::kSenderRejected;
    case MailReason::kClientRejected:
      return MailField::kClientRejected;
    default:
      return MailField::kRejectedOther;
  }
}

MailField field_of_type(const Event& query) noexcept {
  return static_cast<MailField>(static_cast<std::size_t>(MailField::kLoggedA) + query_type_of(query));
}

std::size_t per_partition(std::size_t capacity, unsigned all_partitions) noexcept {
  return std::max<std::size_t>(1, capacity / all_partitions);
}

}  // namespace

MailCounter::MailCounter(const MailSettings& settings, unsigned partitions, unsigned all_partitions)
    : hash_(settings.hash),
      clients_(partitions, per_partition(settings.clients, all_partitions)),
      domains_(partitions, per_partition(settings.domains, all_partitions)),
      codes_(partitions, per_partition(settings.codes, all_partitions)) {
  for (const WatchedServer& server : settings.servers) {
    for (const wire::Address& address : server.addresses) places_.try_emplace(address, servers_.size());
    servers_.push_back({server.addresses.front(), {}, false});
  }
}

void MailCounter::mail(const Event& event, unsigned partition, std::span<const std::uint8_t> text) noexcept {
  Server* server = server_at(event.peer);
  if (server == nullptr) return;
  server->any = true;
  const MailFactKind kind = event.detail.mail.kind;
  if (kind == MailFactKind::kReject) return reject(event, partition, *server, text);
  ++server->counts[field_of(kind)];
  if (kind == MailFactKind::kFrom) server->counts[MailField::kRecipients] += event.detail.mail.recipients;
  if (kind == MailFactKind::kBounced && event.detail.mail.reason == MailReason::kUserUnknown)
    ++server->counts[MailField::kBouncedUnknown];
  if (kind == MailFactKind::kConnect) {
    if (MailClientRow* row = client(event, partition)) ++row->connects;
  }
  if (kind == MailFactKind::kDeferred) {
    if (MailDomainPart* row = domain(server->address, partition, text)) ++row->deferred;
  }
}

void MailCounter::reject(const Event& event, unsigned partition, Server& server,
                         std::span<const std::uint8_t> text) noexcept {
  const MailField field = field_of(event.detail.mail.reason);
  ++server.counts[field];
  if (MailClientRow* row = client(event, partition)) ++row->rejected;
  if (MailDomainPart* row = domain(server.address, partition, text)) ++row->rejected;
  if (field != MailField::kRejectedOther) return;
  const std::uint64_t dsn = event.name_hash;
  const auto is_row = [&](const MailCodeRow& row) { return row.server == server.address && row.dsn == dsn; };
  const auto begin = [&](MailCodeRow& row) {
    row.server = server.address;
    row.dsn = dsn;
  };
  MailCodeRow* row =
      codes_.row(partition, wire::mix(hash_(server.address), dsn ^ wire::kHashSeedA), is_row, begin);
  if (row != nullptr) ++row->rejected;
}

void MailCounter::query(const Event& event) noexcept {
  Server* server = server_at(event.client);
  if (server == nullptr) return;
  server->any = true;
  ++server->counts[field_of_type(event)];
  if (event.detail.dns.formed) ++server->counts[MailField::kLoggedFormed];
}

void MailCounter::close(ShardStep& step) {
  for (Server& server : servers_) {
    if (!server.any) continue;
    step.mail.push_back({server.address, server.counts});
    server.counts = {};
    server.any = false;
  }
  step.mail_clients = clients_.take();
  step.mail_domains = domains_.take();
  step.mail_codes = codes_.take();
}

MailCounter::Server* MailCounter::server_at(const wire::Address& address) noexcept {
  const auto place = places_.find(address);
  return place == places_.end() ? nullptr : &servers_[place->second];
}

// Null of one that the log does not name, too.
MailClientRow* MailCounter::client(const Event& event, unsigned partition) noexcept {
  if (event.client == wire::Address{}) return nullptr;
  const wire::Address server = server_at(event.peer)->address;
  const auto is_row = [&](const MailClientRow& row) {
    return row.client == event.client && row.server == server;
  };
  const auto begin = [&](MailClientRow& row) {
    row.server = server;
    row.client = event.client;
  };
  return clients_.row(partition, hash_(event.client, server), is_row, begin);
}

MailDomainPart* MailCounter::domain(const wire::Address& server, unsigned partition,
                                    std::span<const std::uint8_t> text) noexcept {
  if (text.empty()) return nullptr;
  MailDomainPart wanted{};
  const auto kept = text.last(std::min(text.size(), wanted.text.size()));
  std::ranges::copy(kept, wanted.text.begin());
  wanted.length = static_cast<std::uint8_t>(kept.size());
  const std::span name = std::span(std::as_const(wanted.text)).first(kept.size());
  wanted.server = server;
  wanted.hash = hash_(std::string_view(name.data(), name.size())) ^ hash_(server);
  const auto is_row = [&](const MailDomainPart& row) {
    return row.hash == wanted.hash && row.server == server &&
           std::ranges::equal(std::span(row.text).first(row.length), name);
  };
  return domains_.row(partition, wanted.hash, is_row, [&](MailDomainPart& row) { row = wanted; });
}

}  // namespace aggregator
