// What all records of an event log have in common.
#pragma once

#include <string>

#include "mgmt/eve/event_record.h"
#include "mgmt/summary_json.h"

namespace mgmt {

// Begins one: when, what, seen by whom.
Json event_begun(EventType type, std::int64_t time_ns, const std::string& sensor);

// What is not UTF-8 is replaced, and what is not ASCII escaped: whatever strangers call themselves, it stays
// one line that every reader takes.
std::string event_line(const Json& json);

}  // namespace mgmt
