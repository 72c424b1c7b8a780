#include "mgmt/syslog_settings.h"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

using dataplane::SyslogSender;

SyslogSender& sender_at(std::vector<SyslogSender>& senders, const wire::Address& address) {
  const auto known = std::ranges::find(senders, address, &SyslogSender::from);
  return known == senders.end() ? senders.emplace_back(SyslogSender{address, {}, {}}) : *known;
}

std::vector<SyslogSender> senders_of(const Config& config) {
  std::vector<SyslogSender> senders;
  for (const aggregator::WatchedServer& server : config.mail_servers) {
    for (const wire::Address& from : log_senders(server))
      sender_at(senders, from).mail_server = server.addresses.front();
  }
  for (const aggregator::WatchedServer& server : config.dns_servers) {
    for (const wire::Address& from : log_senders(server))
      sender_at(senders, from).dns_server = server.addresses.front();
  }
  return senders;
}

}  // namespace

std::span<const wire::Address> log_senders(const aggregator::WatchedServer& server) noexcept {
  return server.log_from.empty() ? server.addresses : server.log_from;
}

std::optional<dataplane::SyslogSettings> syslog_settings(const Config& config) {
  if (!config.syslog) return std::nullopt;
  const Config::Syslog& syslog = *config.syslog;
  return dataplane::SyslogSettings{.address = syslog.listen.address,
                                   .port = syslog.listen.port,
                                   .udp = syslog.udp,
                                   .tcp = syslog.tcp,
                                   .connections = syslog.connections,
                                   .idle_ns = syslog.idle_ns,
                                   .east_s = syslog.zone_s.value_or(zone_of_machine(std::time(nullptr))),
                                   .senders = senders_of(config)};
}

std::string syslog_text(const dataplane::SyslogSettings& settings) {
  const char* const both = settings.udp ? "udp and tcp" : "tcp";
  return fmt::format("{} by {}, from {} sender{}", to_text(Endpoint{settings.address, settings.port}),
                     settings.tcp ? both : "udp", settings.senders.size(),
                     settings.senders.size() == 1 ? "" : "s");
}

}  // namespace mgmt
