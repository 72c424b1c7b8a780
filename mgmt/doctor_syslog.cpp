#include "mgmt/doctor_syslog.h"

#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "dataplane/syslog_sockets.h"
#include "mgmt/syslog_settings.h"

namespace mgmt {

Diagnosis check_syslog(const dataplane::SyslogSettings& settings) {
  const Check check("syslog", kHostSubject);
  try {
    std::optional<dataplane::DatagramSocket> datagrams;
    std::optional<dataplane::ListeningSocket> streams;
    if (settings.udp) datagrams.emplace(settings.address, settings.port);
    if (settings.tcp) streams.emplace(settings.address, settings.port);
  } catch (const std::runtime_error& error) {
    return check.fail(
        error.what(),
        fmt::format("Logs would not come in. If the port is in use, `ss -lnptu 'sport = :{}'` shows "
                    "by whom; perhaps by `tapline run` itself. Else give [syslog] listen an address "
                    "of this machine and a port that may be had.",
                    settings.port));
  }
  return check.ok(syslog_text(settings));
}

}  // namespace mgmt
