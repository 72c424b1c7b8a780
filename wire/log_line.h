// One line of a log, or one syslog datagram, taken apart.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/log_time.h"

namespace wire {

// Views into the line. What it does not have is empty, or 0.
struct LogLine {
  LogTime time;
  std::string_view host;
  std::string_view program;  // postfix/smtpd, sm-mta, named: without the process id
  std::uint32_t pid = 0;
  std::string_view message;  // without the line end
};

// Knows lines of syslog's files, with traditional and RFC 3339 times; datagrams of RFC 3164 and RFC 5424,
// whose structured data is skipped; and the files that named, unbound, dnsmasq, dovecot and iplog write
// themselves, where the host is left out and the program may have to be inferred. False if it can be none of
// these: a priority that is none, no time without a priority, or no program.
bool read_log_line(std::string_view text, LogLine& line) noexcept;

}  // namespace wire
