// Events written in words, as the workers would have made them: one call is one frame.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aggregator/routing.h"
#include "dataplane/event.h"
#include "wire/address.h"
#include "wire/dns_name.h"

namespace tests {

inline constexpr std::int64_t kMillisecond = 1'000'000;
inline constexpr std::int64_t kSecond = 1'000'000'000;

// 10.0.0.0 plus `number`.
inline wire::Address host(std::uint32_t number) {
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(10 + (number >> 24)),
                                static_cast<std::uint8_t>(number >> 16),
                                static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
  return wire::Address::v4(bytes);
}

// 2001:db8:: plus `number`.
inline wire::Address host6(std::uint16_t number) {
  const std::uint8_t bytes[16] = {0x20,
                                  0x01,
                                  0x0D,
                                  0xB8,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  static_cast<std::uint8_t>(number >> 8),
                                  static_cast<std::uint8_t>(number)};
  return wire::Address::v6(bytes);
}

// Of dotted text; "." is the root.
inline wire::DnsName dns_name(std::string_view text) {
  wire::DnsName name;
  while (!text.empty() && text != ".") {
    const auto label = text.substr(0, text.find('.'));
    name.octets[name.length++] = static_cast<std::uint8_t>(label.size());
    for (const char c : label) name.octets[name.length++] = static_cast<std::uint8_t>(c);
    text.remove_prefix(std::min(label.size() + 1, text.size()));
  }
  name.octets[name.length++] = 0;
  return name;
}

class EventScript {
 public:
  static inline const wire::Address kResolver = host(53);

  // The packet time of the frames that follow.
  EventScript& at(std::int64_t time_ns) {
    time_ns_ = time_ns;
    return *this;
  }
  EventScript& after(std::int64_t step_ns) { return at(time_ns_ + step_ns); }

  EventScript& query(const wire::Address& client, std::string_view name, std::uint16_t qtype = 1,
                     std::uint8_t flags = 0) {
    const wire::DnsName wire_name = dns_name(name);
    begin_frame();
    add_name_slots(wire_name);
    dataplane::Event& event = add(dataplane::EventKind::kQuery, client, kResolver, flags);
    event.detail.dns = {.qtype = qtype, .rcode = 0, .formed = false, .no_data = false};
    event.name_hash = wire_name.hash();
    return *this;
  }

  // A response over UDP from port 53, with one record for each address.
  EventScript& response(const wire::Address& client, const std::vector<wire::Address>& addresses,
                        std::uint16_t rcode = 0) {
    return response_with_flags(client, addresses, dataplane::kFromPort53, rcode);
  }
  EventScript& response_with_flags(const wire::Address& client, const std::vector<wire::Address>& addresses,
                                   std::uint8_t flags, std::uint16_t rcode = 0) {
    for (const wire::Address& address : addresses) {
      flags |= address.is_v4() ? dataplane::kHasA : dataplane::kHasAaaa;
    }
    begin_frame();
    add(dataplane::EventKind::kResponse, client, kResolver, flags).detail.dns = {
        .qtype = 1, .rcode = static_cast<std::uint16_t>(rcode & 0xFFF), .formed = false, .no_data = false};
    for (const wire::Address& address : addresses) {
      const std::uint8_t family = address.is_v4() ? dataplane::kHasA : dataplane::kHasAaaa;
      add(dataplane::EventKind::kResolution, client, address, family | (flags & dataplane::kOverTcp))
          .detail.ttl = 300;
    }
    return *this;
  }

  // One more address of the response made last, as a hint.
  EventScript& hint(const wire::Address& address) {
    const wire::Address client = events_.back().client;
    add(dataplane::EventKind::kHint, client, address, 0).detail.ttl = 300;
    return *this;
  }

  // Of the query or response made last.
  EventScript& with_server(const wire::Address& server) {
    latest_message().peer = server;
    return *this;
  }
  EventScript& formed() {  // its name is an FQDN with a local domain appended
    latest_message().detail.dns.formed = true;
    return *this;
  }
  EventScript& no_data() {
    latest_message().detail.dns.no_data = true;
    return *this;
  }
  EventScript& ttl(std::uint32_t seconds) {  // of all its addresses so far
    for (auto event = events_.rbegin(); event->kind != dataplane::EventKind::kResponse; ++event)
      event->detail.ttl = seconds;
    return *this;
  }

  EventScript& syn(const wire::Address& client, const wire::Address& server, std::uint16_t port = 80) {
    begin_frame();
    add(dataplane::EventKind::kConnect, client, server, 0).detail.port = port;
    return *this;
  }
  EventScript& quic_initial(const wire::Address& client, const wire::Address& server) {
    begin_frame();
    add(dataplane::EventKind::kConnect, client, server, dataplane::kQuic).detail.port = 443;
    return *this;
  }
  EventScript& syn_ack(const wire::Address& client, const wire::Address& server, std::uint16_t port = 80) {
    begin_frame();
    add(dataplane::EventKind::kAccept, client, server, 0).detail.port = port;
    return *this;
  }

  std::vector<dataplane::Event>& events() { return events_; }
  const std::vector<dataplane::Event>& events() const { return events_; }

 private:
  void begin_frame() { ++order_; }

  dataplane::Event& latest_message() {
    auto event = events_.rbegin();
    while (event->kind != dataplane::EventKind::kQuery && event->kind != dataplane::EventKind::kResponse)
      ++event;
    return *event;
  }

  dataplane::Event& add(dataplane::EventKind kind, const wire::Address& client, const wire::Address& peer,
                        std::uint8_t flags) {
    dataplane::Event& event = events_.emplace_back();
    event = {};
    event.order = order_;
    event.kind = kind;
    event.flags = flags;
    event.time_ns = time_ns_;
    event.client = client;
    event.peer = peer;
    return event;
  }

  void add_name_slots(const wire::DnsName& name) {
    for (std::size_t offset = 0; offset < name.length; offset += dataplane::kNameSlotOctets) {
      dataplane::Event& slot = add(dataplane::EventKind::kName, {}, {}, 0);
      const auto part = name.wire().subspan(
          offset, std::min<std::size_t>(dataplane::kNameSlotOctets, name.length - offset));
      slot.detail.name = {.length = static_cast<std::uint8_t>(part.size()),
                          .total = name.length,
                          .offset = static_cast<std::uint16_t>(offset)};
      std::copy(part.begin(), part.end(), dataplane::text_of(slot).begin());
    }
  }

  std::uint64_t order_ = 0;
  std::int64_t time_ns_ = 0;
  std::vector<dataplane::Event> events_;
};

// What each shard would find on its rings: a name goes with its query.
inline std::vector<std::vector<dataplane::Event>> divide(std::span<const dataplane::Event> events,
                                                         aggregator::Correlate mode, unsigned shards) {
  std::vector<std::vector<dataplane::Event>> result(shards);
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::size_t owner = i;
    while (events[owner].kind == dataplane::EventKind::kName) ++owner;
    result[aggregator::shard_of(events[owner].client, mode, shards)].push_back(events[i]);
  }
  return result;
}

}  // namespace tests
