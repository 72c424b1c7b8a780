#include "wire/log_program.h"

#include <algorithm>
#include <array>
#include <utility>

namespace wire {
namespace {

constexpr auto kNames = std::to_array<std::pair<std::string_view, LogProgram>>({
    {"named", LogProgram::kBind},
    {"sendmail", LogProgram::kSendmail},
    {"sm-mta", LogProgram::kSendmail},
    {"dovecot", LogProgram::kDovecot},
    {"unbound", LogProgram::kUnbound},
    {"dnsmasq", LogProgram::kDnsmasq},
    {"sm-msp-queue", LogProgram::kSendmail},
    {"sm-que", LogProgram::kSendmail},
    {"sendmail-in", LogProgram::kSendmail},
    {"sendmail-out", LogProgram::kSendmail},
    {"pop3-login", LogProgram::kDovecot},
    {"imap-login", LogProgram::kDovecot},
    {"qpopper", LogProgram::kQpopper},
    {"popper", LogProgram::kQpopper},
    {"in.qpopper", LogProgram::kQpopper},
    {"in.popper", LogProgram::kQpopper},
    {"iplog", LogProgram::kIplog},
});

// master(8) names its children by the last part of their command, so services of other names are among these.
constexpr auto kPostfixDaemons = std::to_array<std::string_view>(
    {"smtpd",  "qmgr",   "smtp",      "cleanup",         "postscreen", "lmtp",     "local",
     "pipe",   "bounce", "virtual",   "error",           "discard",    "anvil",    "relay",
     "pickup", "scache", "verify",    "trivial-rewrite", "dnsblog",    "tlsproxy", "nqmgr",
     "oqmgr",  "master", "postqueue", "postfix-script",  "postsuper",  "flush",    "proxymap",
     "showq",  "tlsmgr", "sendmail",  "postdrop",        "postlog",    "error",    "retry"});

}  // namespace

LogProgram log_program(std::string_view name) noexcept {
  if (name.find('/') != std::string_view::npos)
    return std::ranges::find(kPostfixDaemons, postfix_daemon(name)) == kPostfixDaemons.end()
               ? LogProgram::kUnknown
               : LogProgram::kPostfix;
  const auto found = std::ranges::find(kNames, name, &std::pair<std::string_view, LogProgram>::first);
  return found == kNames.end() ? LogProgram::kUnknown : found->second;
}

}  // namespace wire
