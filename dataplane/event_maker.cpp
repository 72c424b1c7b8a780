#include "dataplane/event_maker.h"

#include <algorithm>

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
    std::memcpy(text_of(*event).data(), name.octets.data() + offset, length);
  }
}

void EventMaker::query(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
                       std::uint8_t flags) noexcept {
  name(frame, packet, message.qname);
  Event* event = outlet_.claim(EventKind::kQuery, packet.source, frame.order, ledger_);
  if (event == nullptr) return;
  event->flags = flags;
  event->tunnels = packet.tunnels;
  event->detail.dns = {.qtype = message.qtype, .rcode = 0};
  event->time_ns = frame.time_ns;
  event->name_hash = message.qname.length != 0 ? message.qname.hash() : 0;
  event->client = packet.source;
  event->peer = packet.destination;
}

void EventMaker::response(const wire::Frame& frame, const wire::Packet& packet,
                          const wire::DnsMessage& message, std::span<const std::uint8_t> bytes,
                          std::uint8_t flags) noexcept {
  const std::uint64_t name_hash = message.qname.length != 0 ? message.qname.hash() : 0;
  if (Event* event = outlet_.claim(EventKind::kResponse, packet.destination, frame.order, ledger_)) {
    event->flags = flags | address_flags(message.answers);
    event->tunnels = packet.tunnels;
    event->detail.dns = {.qtype = message.qtype, .rcode = message.rcode};
    event->time_ns = frame.time_ns;
    event->name_hash = name_hash;
    event->client = packet.destination;
    event->peer = packet.source;
  }
  const auto told = [&](EventKind kind, const wire::Address& address, std::uint32_t ttl,
                        std::uint8_t family) {
    Event* event = outlet_.claim(kind, packet.destination, frame.order, ledger_);
    if (event == nullptr) return;
    event->flags = (flags & (kOverTcp | kFromPort53)) | family;
    event->tunnels = packet.tunnels;
    event->detail.ttl = ttl;
    event->time_ns = frame.time_ns;
    event->name_hash = name_hash;
    event->client = packet.destination;
    event->peer = address;
  };
  for (const wire::DnsRecord& record : message.answers) {
    if (is(record, DnsType::kA)) {
      told(EventKind::kResolution, wire::address_of(bytes, record), record.ttl, kHasA);
    } else if (is(record, DnsType::kAaaa)) {
      told(EventKind::kResolution, wire::address_of(bytes, record), record.ttl, kHasAaaa);
    } else if (is(record, DnsType::kHttps) || is(record, DnsType::kSvcb)) {
      wire::each_hint(bytes, record,
                      [&](const wire::Address& address) { told(EventKind::kHint, address, record.ttl, 0); });
    }
  }
}

void EventMaker::connect(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept {
  Event* event = outlet_.claim(EventKind::kConnect, packet.source, frame.order, ledger_);
  if (event == nullptr) return;
  event->flags = flags;
  event->tunnels = packet.tunnels;
  event->detail.port = packet.destination_port;
  event->time_ns = frame.time_ns;
  event->name_hash = 0;
  event->client = packet.source;
  event->peer = packet.destination;
}

void EventMaker::accept(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept {
  Event* event = outlet_.claim(EventKind::kAccept, packet.destination, frame.order, ledger_);
  if (event == nullptr) return;
  event->flags = flags;
  event->tunnels = packet.tunnels;
  event->detail.port = packet.source_port;
  event->time_ns = frame.time_ns;
  event->name_hash = 0;
  event->client = packet.destination;
  event->peer = packet.source;
}

}  // namespace dataplane
