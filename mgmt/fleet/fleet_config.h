// [fleet] of a configuration file.
#pragma once

#include "mgmt/fleet/settings.h"
#include "mgmt/toml_section.h"

namespace mgmt {

void read_fleet(TomlSection& in, FleetSettings& fleet);

}  // namespace mgmt
