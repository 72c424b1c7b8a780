// Reads an [[event_log]] of the configuration.
#pragma once

#include <string>
#include <vector>

#include "mgmt/eve/event_log_settings.h"

namespace mgmt {

class TomlSection;

// Adds to `logs`; what is wrong becomes the section's mistakes.
void read_event_log(TomlSection& in, std::vector<EventLogSettings>& logs);

// As `events` lists them.
std::vector<std::string> event_names(const EventLogSettings::Events& events);

}  // namespace mgmt
