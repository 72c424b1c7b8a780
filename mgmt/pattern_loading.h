// The pattern file of a configuration or of the command line, compiled.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "dataplane/pattern_scanners.h"
#include "mgmt/config.h"

namespace mgmt {

// From the cache if they are there; says so on standard error if they could not be kept there. Throws
// ConfigError with all mistakes of the file.
std::shared_ptr<const matchers::PatternDatabase> load_patterns(const std::string& file,
                                                               const Config::Patterns& patterns);

// For so many workers; null if the configuration has no pattern file. Throws ConfigError.
std::shared_ptr<const dataplane::PatternScanners> pattern_scanners(const Config& config, std::size_t workers);

}  // namespace mgmt
