// A DNS message as a line of the event log, in the shape of Suricata's "dns" events of version 2.
#pragma once

#include <cstdint>
#include <string>

#include "dataplane/dns_messages.h"
#include "mgmt/eve/event_record.h"
#include "mgmt/privacy/disguise.h"
#include "wire/dns_message.h"

namespace mgmt {

// So many records of an answer are told one by one at most, and none once these have so many octets.
inline constexpr std::size_t kMostAnswersTold = 64;
inline constexpr std::size_t kMostAnswerOctets = 8192;

// `message` is what the parser made of `found`. The one who asked is the source of an answer, too, as in
// Suricata's flows. Names are lower-cased. The community ID is of the addresses that are told: with privacy,
// those that stand for the true ones.
EventRecord dns_record(const dataplane::FoundMessage& found, const wire::DnsMessage& message,
                       std::int64_t time_ns, const Disguise& disguise, const std::string& sensor);

}  // namespace mgmt
