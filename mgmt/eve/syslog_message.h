// An event as a message of syslog.
#pragma once

#include <string>

#include "mgmt/eve/event_record.h"

namespace mgmt {

// RFC 5424, from the facility daemon, with its octets counted before it (RFC 6587 section 3.4.1, RFC 5425
// section 4.3). MSGID is the type of the event, MSG its JSON.
std::string syslog_message(const EventRecord& record, const std::string& host, int process);

// This machine's name, as syslog may write it: printable, without spaces, at most 255 octets; "-" if it has
// none.
std::string host_name();

}  // namespace mgmt
