// Where compiled patterns are kept for the next start.
#pragma once

#include <string>

#include "mgmt/config.h"

namespace mgmt {

// That of the configuration; else the user's ($XDG_CACHE_HOME, or ~/.cache), and /var/cache/tapline for root.
std::string pattern_cache_folder(const Config::Patterns& patterns);

}  // namespace mgmt
