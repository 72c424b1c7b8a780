// Where syslog is listened for, and whom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "wire/address.h"

namespace dataplane {

// An address whose lines are read, and the servers whose logs they are; at least one.
struct SyslogSender {
  wire::Address from;
  std::optional<wire::Address> mail_server;
  std::optional<wire::Address> dns_server;
  bool operator==(const SyslogSender&) const = default;
};

struct SyslogSettings {
  wire::Address address;  // 0.0.0.0: all of IPv4; ::: all
  std::uint16_t port = 514;
  bool udp = true;
  bool tcp = true;
  std::size_t connections = 64;              // TCP, at a time
  std::int64_t idle_ns = 3'600'000'000'000;  // after which a connection that says nothing is closed
  std::int32_t east_s = 0;                   // of times without a zone
  std::vector<SyslogSender> senders;         // each address once
};

}  // namespace dataplane
