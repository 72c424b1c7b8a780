// What came to the syslog listener, and what it turned away.
#pragma once

#include <cstdint>

namespace dataplane {

// LogLedger::lines = datagrams + messages.
struct SyslogLedger {
  std::uint64_t datagrams = 0;             // of configured senders, a line each
  std::uint64_t messages = 0;              // of their TCP connections, likewise
  std::uint64_t connections = 0;           // of theirs that were taken
  std::uint64_t refused_datagrams = 0;     // of others
  std::uint64_t refused_connections = 0;   // of others, closed at once
  std::uint64_t too_many_connections = 0;  // likewise, for want of a place
  std::uint64_t idle_connections = 0;      // closed because nothing came
  std::uint64_t cut_messages = 0;  // whose connection ended within them; the too long ones among them count
  std::uint64_t dropped_datagrams = 0;  // by the kernel, whose buffer was full
  std::uint64_t late = 0;               // facts more than a minute off our clock, which count as of now
  bool operator==(const SyslogLedger&) const = default;
};

}  // namespace dataplane
