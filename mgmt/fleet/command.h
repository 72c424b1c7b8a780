// `tapline fleet`: makes the tables of a fleet, and says what waits for it here.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "mgmt/fleet/settings.h"

namespace mgmt {

enum class FleetAsked : std::uint8_t {
  kInit,
  kPrint,  // the SQL of kInit
  kStatus
};

struct FleetOptions {
  FleetAsked asked = FleetAsked::kInit;
  FleetSettings fleet;
  std::string folder;  // of the spool
  bool json = false;
};

// Throws UsageError, ConfigError, CLI::CallForHelp.
FleetOptions read_fleet_words(std::span<const char* const> words);

// Says that a configuration has no [fleet].
std::string no_fleet_text(const std::string& config_file);

// Returns the exit status. Throws ClickHouseError, HistoryError.
int fleet_command(const FleetOptions& options);

}  // namespace mgmt
