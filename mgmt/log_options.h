// Which logs a command was asked to read, and how their times are to be understood.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/log_input.h"
#include "mgmt/config.h"

namespace mgmt {

struct LogArgument {
  dataplane::LogRole role = dataplane::LogRole::kMail;
  std::string host;  // an address, or a name of the configuration
  std::string path;  // "-": standard input
};

struct LogOptions {
  std::vector<LogArgument> logs;
  std::optional<int> year;  // of the first line of each log, for times without one
  std::optional<std::int32_t>
      zone_s;  // seconds east of Greenwich of times without a zone; none: this machine's
};

// What to open. A mail server that is given by an address which the configuration does not know joins its
// mail servers. Throws UsageError if a name is not known.
std::vector<dataplane::LogFile> log_files(const LogOptions& options, Config& config);

}  // namespace mgmt
