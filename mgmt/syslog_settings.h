// From the configuration to what the syslog listener is told.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "dataplane/syslog_settings.h"
#include "mgmt/config.h"

namespace mgmt {

// Who sends a server's log: those that the configuration names, or the server itself.
std::span<const wire::Address> log_senders(const aggregator::WatchedServer& server) noexcept;

// Nothing without [syslog]. Times without a zone have that of this machine if the configuration names none.
std::optional<dataplane::SyslogSettings> syslog_settings(const Config& config);

// "0.0.0.0:514 by udp and tcp, from 3 senders"
std::string syslog_text(const dataplane::SyslogSettings& settings);

}  // namespace mgmt
