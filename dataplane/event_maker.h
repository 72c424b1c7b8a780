// From what a packet means to the events that say so.
#pragma once

#include "dataplane/outlet.h"
#include "matchers/unresolved_names.h"
#include "wire/dns_message.h"
#include "wire/frame.h"
#include "wire/packet.h"

namespace dataplane {

// Belongs to one worker.
class EventMaker {
 public:
  EventMaker(Outlet& outlet, Ledger& ledger, NameMatching& matching)
      : outlet_(outlet), ledger_(ledger), matching_(matching) {}

  // A DNS message that `packet` carried or completed; `bytes` is the message. `malformed` of a cut message is
  // false.
  void message(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
               std::span<const std::uint8_t> bytes, bool malformed) noexcept;

  void connect(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept;
  void accept(const wire::Frame& frame, const wire::Packet& packet, std::uint8_t flags) noexcept;

  // Borrowed until the next call; null: no name counts as formed.
  void match(const matchers::UnresolvedNames* unresolved_names) noexcept {
    unresolved_names_ = unresolved_names;
  }

 private:
  struct Ends {
    const wire::Address& client;
    const wire::Address& peer;
  };

  bool formed(const wire::DnsMessage& message) const noexcept;
  Event* begin(EventKind kind, const wire::Frame& frame, const wire::Packet& packet, const Ends& ends,
               std::uint8_t flags, std::uint64_t name_hash) noexcept;
  void name(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsName& name) noexcept;
  void matches(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsName& name) noexcept;
  void query(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
             std::uint8_t flags) noexcept;
  void response(const wire::Frame& frame, const wire::Packet& packet, const wire::DnsMessage& message,
                std::span<const std::uint8_t> bytes, std::uint8_t flags) noexcept;

  Outlet& outlet_;
  Ledger& ledger_;
  NameMatching& matching_;
  const matchers::UnresolvedNames* unresolved_names_ = nullptr;
};

}  // namespace dataplane
