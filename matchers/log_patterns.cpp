#include "matchers/log_patterns.h"

#include <array>
#include <stdexcept>
#include <string>

#include <hs_compile.h>

#include "matchers/log_classes.h"

namespace matchers {
namespace {

struct LogPattern {
  LogClass found;
  const char* expression;
};

// Words alone, which Hyperscan looks for all at once: whose line it is and what it says is for the parser to
// know for certain.
constexpr auto kPatterns = std::to_array<LogPattern>({
    {LogClass::kPostfix, "/smtp"},  // and smtpd
    {LogClass::kPostfix, "/qmgr"},
    {LogClass::kPostfix, "/cleanup"},
    {LogClass::kPostfix, "/postscreen"},
    {LogClass::kPostfix, "/lmtp"},
    {LogClass::kPostfix, "/local"},
    {LogClass::kPostfix, "/pipe"},
    {LogClass::kPostfix, "/virtual"},
    {LogClass::kPostfix, "/error"},
    {LogClass::kPostfix, "/discard"},
    {LogClass::kPostfix, "/relay"},
    {LogClass::kPostfix, "/retry"},
    {LogClass::kPostfix, "/nqmgr"},
    {LogClass::kPostfix, "/oqmgr"},
    {LogClass::kPostfix, "/anvil"},
    {LogClass::kPostfix, "/pickup"},
    {LogClass::kPostfix, "/bounce"},
    {LogClass::kPostfix, "/scache"},
    {LogClass::kPostfix, "/verify"},
    {LogClass::kPostfix, "/trivial-rewrite"},
    {LogClass::kPostfix, "/dnsblog"},
    {LogClass::kPostfix, "/tlsproxy"},
    {LogClass::kPostfix, "/tlsmgr"},
    {LogClass::kPostfix, "/master"},
    {LogClass::kPostfix, "/post(?:queue|super|drop|log|fix-script)"},
    {LogClass::kPostfix, "/(?:flush|proxymap|showq|sendmail)"},
    {LogClass::kSendmail, "sendmail"},
    {LogClass::kSendmail, "sm-(?:mta|msp-queue|que)"},
    {LogClass::kDovecot, "dovecot"},
    {LogClass::kDovecot, "(?:pop3|imap)-login"},
    {LogClass::kQpopper, "popper"},
    {LogClass::kBind, "named"},
    {LogClass::kBind, "(?i)-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-"},  // BIND's own files
    {LogClass::kBind,
     "[ "
     ">](?:XX|client|config:|database:|dnssec:|error:|general:|info:|lame-servers:|network:|notice:|notify:|"
     "queries:|query-errors:|rate-limit:|resolver:|security:|unmatched:|update:|update-security:|warning:|"
     "xfer-in:|"
     "xfer-out:|zoneload:)"},
    {LogClass::kUnbound, "unbound"},
    {LogClass::kDnsmasq, "dnsmasq"},
    {LogClass::kIplog, "iplog"},
    {LogClass::kIplog, "[ >](?:UDP|TCP|ICMP):"},
    {LogClass::kTells, "[ \\xbf]connect from "},  // the last of a BOM may be before it
    {LogClass::kTells, "CONNECT from "},
    {LogClass::kTells, "reject: "},
    {LogClass::kTells, " from="},
    {LogClass::kTells, " to="},
    {LogClass::kTells, " reject="},
    {LogClass::kTells, "User unknown"},
    {LogClass::kTells, "Cannot send message "},
    {LogClass::kTells, ": user=<"},
    {LogClass::kTells, "login by user"},
    {LogClass::kTells, "Stats: "},
    {LogClass::kTells, "query: "},
    {LogClass::kTells, "XX[+ ]/"},
    {LogClass::kTells, "info: "},
    {LogClass::kTells, "query\\["},
    {LogClass::kTells, "UDP: "},
});

}  // namespace

HyperscanDatabase compile_log_patterns() {
  std::array<const char*, kPatterns.size()> expressions{};
  std::array<unsigned, kPatterns.size()> ids{};
  for (std::size_t i = 0; i < kPatterns.size(); ++i) {
    expressions[i] = kPatterns[i].expression;
    ids[i] = static_cast<unsigned>(kPatterns[i].found);
  }
  hs_database_t* compiled = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t status =
      hs_compile_multi(expressions.data(), nullptr, ids.data(), static_cast<unsigned>(kPatterns.size()),
                       HS_MODE_BLOCK, nullptr, &compiled, &error);
  if (status == HS_SUCCESS) return HyperscanDatabase(compiled);
  const std::string why = error == nullptr ? "no memory" : error->message;
  hs_free_compile_error(error);
  throw std::runtime_error("Hyperscan does not compile the patterns of log lines: " + why);
}

}  // namespace matchers
