// The QTYPEs that are counted one by one, in the order of the fields for them.
#pragma once

#include <cstddef>

#include "dataplane/event.h"
#include "wire/dns_message.h"

namespace aggregator {

inline constexpr std::size_t kQueryTypes = 7;  // A, AAAA, PTR, MX, TXT, HTTPS, and all others

// Of a kQuery or kLogQuery; one whose QTYPE cannot be read is among the others.
inline std::size_t query_type_of(const dataplane::Event& query) noexcept {
  if ((query.flags & dataplane::kNoQuestion) != 0) return kQueryTypes - 1;
  switch (static_cast<wire::DnsType>(query.detail.dns.qtype)) {
    case wire::DnsType::kA:
      return 0;
    case wire::DnsType::kAaaa:
      return 1;
    case wire::DnsType::kPtr:
      return 2;
    case wire::DnsType::kMx:
      return 3;
    case wire::DnsType::kTxt:
      return 4;
    case wire::DnsType::kHttps:
      return 5;
    default:
      return kQueryTypes - 1;
  }
}

}  // namespace aggregator
