// From what a packet means to the events that say so.
#pragma once

#include "dataplane/outlet.h"
#include "wire/dns_message.h"
#include "wire/frame.h"
#include "wire/packet.h"

namespace dataplane {

// Belongs to one worker.
class EventMaker {
 public:
  EventMaker(Outlet& outlet, Ledger& ledger) : outlet_(outlet), ledger_(ledger) {}

  // A DNS message that `packet` carried or completed; `bytes` is the message. `malformed` of a cut message is
  // false.
  void message(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
               std::span<const std::uint8_t> bytes, bool malformed) noexcept;

  void connect(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept;
  void accept(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept;

 private:
  struct Ends {
    const wire::Address& client;
    const wire::Address& peer;
  };

  Event* begin(EventKind kind, const wire::Frame& frame, const wire::Packet& packet, const Ends& ends,
               std::uint8_t flags, std::uint64_t name_hash) noexcept;
  void name(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsName& name) noexcept;
  void query(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
             std::uint8_t flags) noexcept;
  void response(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
                std::span<const std::uint8_t> bytes, std::uint8_t flags) noexcept;

  Outlet& outlet_;
  Ledger& ledger_;
};

}  // namespace dataplane
