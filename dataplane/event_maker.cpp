#include "dataplane/event_maker.h"

#include <algorithm>

#include "wire/dns_rdata.h"

namespace dataplane {
namespace {

using wire::DnsType;

constexpr bool is(const wire::DnsRecord& record, DnsType type) noexcept {
  return record.type == static_cast<std::uint16_t>(type);
}

std::uint8_t flags_of(const wire::Packet& packet, const wire::DnsMessage& message, bool malformed) noexcept {
  std::uint8_t flags = 0;
  if (packet.protocol == wire::kProtocolTcp) flags |= kOverTcp;
  if (message.truncated) flags |= kTruncatedFlag;
  if (malformed) flags |= kMalformed;
  if (!message.has_question) flags |= kNoQuestion;
  if (packet.source_port == wire::kDnsPort) flags |= kFromPort53;
  if (message.records_read < message.records_promised) flags |= kRecordsMissing;
  return flags;
}

std::uint64_t hash_of_name(const wire::DnsMessage& message) noexcept {
  return message.qname.length != 0 ? message.qname.hash() : 0;
}

std::uint8_t address_flags(std::span<const wire::DnsRecord> answers) noexcept {
  std::uint8_t flags = 0;
  for (const wire::DnsRecord& record : answers) {
    if (is(record, DnsType::kA)) flags |= kHasA;
    if (is(record, DnsType::kAaaa)) flags |= kHasAaaa;
  }
  return flags;
}

}  // namespace

void EventMaker::message(const wire::Frame& frame, const wire::Packet& packet,
                         const wire::DnsMessage& message, std::span<const std::uint8_t> bytes,
                         bool malformed) noexcept {
  const std::uint8_t flags = flags_of(packet, message, malformed);
  if (message.response) {
    response(frame, packet, message, bytes, flags);
  } else {
    query(frame, packet, message, flags);
  }
}

bool EventMaker::formed(const wire::DnsMessage& message) const noexcept {
  return unresolved_names_ != nullptr && unresolved_names_->formed(message.qname.wire());
}

// A slot is copied whole, used or not: a copy of fixed size is a few instructions.
void EventMaker::name(const wire::Frame& frame, const wire::Packet& packet,
                      const wire::DnsName& name) noexcept {
  for (std::size_t offset = 0; offset < name.length; offset += kNameSlotOctets) {
    Event* event = outlet_.claim(EventKind::kName, packet.source, frame.order, ledger_);
    if (event == nullptr) continue;
    const std::size_t length = std::min<std::size_t>(kNameSlotOctets, name.length - offset);
    event->flags = 0;
    event->tunnels = packet.tunnels;
    event->detail.name = {.length = static_cast<std::uint8_t>(length),
                          .total = name.length,
                          .offset = static_cast<std::uint16_t>(offset)};
    std::memcpy(text_of(*event).data(), name.octets.data() + offset, kNameSlotOctets);
  }
}

// What matches is written in before the slot is published.
void EventMaker::matches(const wire::Frame& frame, const wire::Packet& packet,
                         const wire::DnsName& name) noexcept {
  if (name.length == 0) return;
  Event* event = outlet_.claim(EventKind::kMatch, packet.source, frame.order, ledger_);
  if (event == nullptr) return;
  event->flags = 0;
  event->tunnels = packet.tunnels;
  event->detail.match = {.count = 0, .more = false};
  matching_.add(*event, name.wire());
}

// A slot with all that every kind but kName has; null if it was lost.
[[gnu::always_inline]] inline Event* EventMaker::begin(EventKind kind, const wire::Frame& frame,
                                                       const wire::Packet& packet, const Ends& ends,
                                                       std::uint8_t flags, std::uint64_t name_hash) noexcept {
  Event* event = outlet_.claim(kind, ends.client, frame.order, ledger_);
  if (event == nullptr) return nullptr;
  event->flags = flags;
  event->tunnels = packet.tunnels;
  event->time_ns = frame.time_ns;
  event->name_hash = name_hash;
  event->client = ends.client;
  event->peer = ends.peer;
  return event;
}

void EventMaker::query(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
                       std::uint8_t flags) noexcept {
  name(frame, packet, message.qname);
  if (matching_.active()) matches(frame, packet, message.qname);
  const Ends ends = {packet.source, packet.destination};
  Event* event = begin(EventKind::kQuery, frame, packet, ends, flags, hash_of_name(message));
  if (event == nullptr) return;
  event->detail.dns = {.qtype = message.qtype, .rcode = 0, .formed = formed(message), .no_data = false};
}

void EventMaker::response(const wire::Frame& frame, const wire::Packet& packet,
                          const wire::DnsMessage& message, std::span<const std::uint8_t> bytes,
                          std::uint8_t flags) noexcept {
  const std::uint64_t name_hash = hash_of_name(message);
  const Ends ends = {packet.destination, packet.source};
  const std::uint8_t with_addresses = flags | address_flags(message.answers);
  if (Event* event = begin(EventKind::kResponse, frame, packet, ends, with_addresses, name_hash)) {
    event->detail.dns = {.qtype = message.qtype,
                         .rcode = static_cast<std::uint16_t>(message.rcode & 0xFFF),
                         .formed = formed(message),
                         .no_data = !message.has_data};
  }
  const auto told = [&](EventKind kind, const wire::Address& address, std::uint32_t ttl,
                        std::uint8_t family) {
    const std::uint8_t kept = (flags & (kOverTcp | kFromPort53)) | family;
    Event* event = begin(kind, frame, packet, {packet.destination, address}, kept, name_hash);
    if (event != nullptr) event->detail.ttl = ttl;
  };
  for (const wire::DnsRecord& record : message.answers) {
    if (wire::is_address(record.type)) {
      const auto family = static_cast<std::uint8_t>(is(record, DnsType::kA) ? kHasA : kHasAaaa);
      told(EventKind::kResolution, wire::address_of(bytes, record), record.ttl, family);
    } else if (is(record, DnsType::kHttps) || is(record, DnsType::kSvcb)) {
      wire::each_hint(bytes, record,
                      [&](const wire::Address& address) { told(EventKind::kHint, address, record.ttl, 0); });
    }
  }
}

void EventMaker::connect(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept {
  Event* event = begin(EventKind::kConnect, frame, packet, {packet.source, packet.destination}, flags, 0);
  if (event != nullptr) event->detail.port = packet.destination_port;
}

void EventMaker::accept(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept {
  Event* event = begin(EventKind::kAccept, frame, packet, {packet.destination, packet.source}, flags, 0);
  if (event != nullptr) event->detail.port = packet.source_port;
}

}  // namespace dataplane
