// A configuration as the file that says it.
#pragma once

#include <string>

#include "mgmt/config.h"

namespace mgmt {

// TOML with every key; parse_config() of it gives `config` again.
std::string config_text(const Config& config);

// The same as one JSON object.
std::string config_json(const Config& config);

}  // namespace mgmt
