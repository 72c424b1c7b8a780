#include "dataplane/log_events.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "wire/name_text.h"

namespace dataplane {

// The domain is text in lower case; of one that is longer than a name, the end.
void LogEvents::mail(std::uint64_t order, const wire::Address& server, const LogFact& fact) noexcept {
  std::array<std::uint8_t, wire::kMaxNameOctets> domain;
  const std::string_view written = fact.mail.domain;
  const std::string_view kept = written.substr(written.size() - std::min(written.size(), domain.size()));
  std::ranges::transform(kept, domain.begin(), [](char c) {
    return static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  });
  text(order, fact.mail.client, std::span(domain).first(kept.size()));
  Event* event = begin(EventKind::kMail, order, fact.mail.client, server, fact.seen_ns);
  if (event == nullptr) return;
  event->flags = 0;
  event->name_hash = pack(fact.mail.dsn);
  event->detail.mail = {fact.mail.kind, fact.mail.reason, fact.mail.recipients};
}

void LogEvents::query(std::uint64_t order, const wire::Address& server, const LogFact& fact) noexcept {
  const wire::QueryFact& query = fact.query;
  wire::DnsName name;
  const bool sound = wire::read_name(query.qname, name);
  log_ledger_.bad_names += !sound && !query.qname.empty();
  text(order, query.client, name.wire());
  if (matching_.active()) matches(order, query.client, name.wire());
  Event* event = begin(EventKind::kLogQuery, order, query.client, server, fact.seen_ns);
  if (event == nullptr) return;
  const bool has_question = sound && query.qtype != 0;
  event->flags =
      static_cast<std::uint8_t>((query.over_tcp ? kOverTcp : 0) | (has_question ? 0 : kNoQuestion));
  event->name_hash = sound ? name.hash() : 0;
  event->detail.dns = {
      .qtype = query.qtype,
      .rcode = 0,
      .formed = sound && unresolved_names_ != nullptr && unresolved_names_->formed(name.wire()),
      .no_data = false};
}

void LogEvents::text(std::uint64_t order, const wire::Address& client,
                     std::span<const std::uint8_t> octets) noexcept {
  for (std::size_t offset = 0; offset < octets.size(); offset += kNameSlotOctets) {
    Event* event = outlet_.claim(EventKind::kName, client, order, ledger_);
    if (event == nullptr) continue;
    const auto part = octets.subspan(offset, std::min(kNameSlotOctets, octets.size() - offset));
    event->flags = 0;
    event->tunnels = {};
    event->detail.name = {.length = static_cast<std::uint8_t>(part.size()),
                          .total = static_cast<std::uint8_t>(octets.size()),
                          .offset = static_cast<std::uint16_t>(offset)};
    std::memcpy(text_of(*event).data(), part.data(), part.size());
  }
}

// What matches is written in before the slot is published.
void LogEvents::matches(std::uint64_t order, const wire::Address& client,
                        std::span<const std::uint8_t> name) noexcept {
  if (name.empty()) return;
  Event* event = outlet_.claim(EventKind::kMatch, client, order, ledger_);
  if (event == nullptr) return;
  event->flags = 0;
  event->tunnels = {};
  event->detail.match = {.count = 0, .more = false};
  matching_.add(*event, name);
}

Event* LogEvents::begin(EventKind kind, std::uint64_t order, const wire::Address& client,
                        const wire::Address& server, std::int64_t time_ns) noexcept {
  Event* event = outlet_.claim(kind, client, order, ledger_);
  if (event == nullptr) return nullptr;
  event->tunnels = {};
  event->time_ns = time_ns;
  event->client = client;
  event->peer = server;
  ledger_.first_ns = std::min(ledger_.first_ns, time_ns);
  ledger_.last_ns = std::max(ledger_.last_ns, time_ns);
  return event;
}

}  // namespace dataplane
