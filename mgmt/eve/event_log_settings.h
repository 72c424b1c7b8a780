// Where events go as they happen: an [[event_log]] of the configuration.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "mgmt/endpoint_text.h"

namespace mgmt {

enum class EventLogType : std::uint8_t {
  kFile,
  kSyslog,
  kUnix
};
inline constexpr std::array<std::string_view, 3> kEventLogTypeNames = {"file", "syslog", "unix"};

struct EventLogSettings {
  EventLogType type = EventLogType::kFile;
  std::string path;      // of the file or the Unix socket
  Endpoint address;      // of the syslog server
  bool tls = false;      // to it
  std::string tls_ca;    // PEM file of those who may vouch for it; "": the system's
  std::string tls_name;  // that its certificate must bear; "": its address
  struct Events {
    bool alert = true;
    bool stats = true;
    bool dns = false;  // each message
    bool operator==(const Events&) const = default;
  } events;
  std::int64_t stats_every_ns = 10'000'000'000;  // whole seconds
  std::uint64_t queue = 10'000;                  // lines that wait at most
  // A file is closed when it is as long, or as old.
  std::uint64_t rotate_bytes = 100'000'000;
  std::int64_t rotate_ns = 3'600'000'000'000;  // 0: however old
  bool operator==(const EventLogSettings&) const = default;
};

}  // namespace mgmt
