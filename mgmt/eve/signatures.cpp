#include "mgmt/eve/signatures.h"

#include <algorithm>
#include <array>

namespace mgmt {
namespace {

constexpr std::string_view kFlood = "Attempted Denial of Service";
constexpr std::string_view kScan = "Detection of a Network Scan";
constexpr std::string_view kInfection = "A Network Trojan was detected";
constexpr std::string_view kOddTraffic = "Potentially Bad Traffic";
constexpr std::string_view kOther = "Misc activity";

constexpr std::array<Signature, 14> kSignatures = {{
    {"", 1'853'000, "tapline: a finding", kOther},
    {"backscatter", 1'853'001, "tapline: bounces of forged mail flood a mail server", kFlood},
    {"mass_mailer", 1'853'002, "tapline: a host that is no mail server sends mail by itself", kInfection},
    {"connections_without_resolution", 1'853'003, "tapline: connections to addresses that nobody resolved",
     kScan},
    {"answers_without_connections", 1'853'004, "tapline: answers that no connection follows", kOddTraffic},
    {"query_flood", 1'853'005, "tapline: a flood of queries to a DNS server", kFlood},
    {"ptr_flood", 1'853'006, "tapline: a flood of PTR queries to a DNS server", kFlood},
    {"nxdomain_burst", 1'853'007, "tapline: a burst of queries for names that do not exist", kOddTraffic},
    {"smtp_flood", 1'853'008, "tapline: a flood of SMTP connections to a mail server", kFlood},
    {"user_unknown_flood", 1'853'009, "tapline: a flood of mail to unknown users", kOddTraffic},
    {"dominant_smtp_client", 1'853'010, "tapline: one SMTP client has most of a mail server's connections",
     kOddTraffic},
    {"deferred_mail", 1'853'011, "tapline: a mail server defers more mail than it sends", kOddTraffic},
    {"mail_efficiency", 1'853'012, "tapline: few of a mail server's connections bring mail", kOddTraffic},
    {"mail_regression", 1'853'013, "tapline: a mail server asks for more names than its mail explains",
     kOddTraffic},
}};

}  // namespace

const Signature& signature_of(std::string_view detector) noexcept {
  const auto found = std::ranges::find(kSignatures, detector, &Signature::detector);
  return found == kSignatures.end() ? kSignatures.front() : *found;
}

}  // namespace mgmt
