// Which program writes lines under a name.
#pragma once

#include <cstdint>
#include <string_view>

namespace wire {

enum class LogProgram : std::uint8_t {
  kUnknown,
  kPostfix,
  kSendmail,
  kDovecot,
  kQpopper,
  kBind,
  kUnbound,
  kDnsmasq,
  kIplog
};

// Of names as syslog has them: postfix/smtpd, postfix-out/submission/smtpd, sm-mta, in.qpopper, pop3-login.
// With any syslog_name Postfix is known by its daemon.
LogProgram log_program(std::string_view name) noexcept;

// smtpd of postfix-out/submission/smtpd.
inline std::string_view postfix_daemon(std::string_view name) noexcept {
  return name.substr(name.rfind('/') + 1);
}

}  // namespace wire
