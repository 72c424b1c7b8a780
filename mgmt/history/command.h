// `tapline history`: what was it last Tuesday at 9:40?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mgmt/fleet/settings.h"
#include "mgmt/history/place.h"
#include "mgmt/history/source.h"
#include "mgmt/replay_options.h"

namespace mgmt {

enum class HistoryAsked : std::uint8_t {
  kSteps,
  kFindings,
  kGaps,
  kCheck
};

struct HistoryOptions {
  HistoryAsked asked = HistoryAsked::kSteps;
  HistoryQuery query;
  std::vector<std::string> columns;  // empty: a choice, or with CSV and JSON all
  SeriesFormat format = SeriesFormat::kText;
  HistoryPlace place;
  std::optional<FleetSettings> fleet;  // asked instead of the place
  std::string sensor;                  // of the fleet; "": all
  std::int64_t east_s = 0;  // the fleet's hours and days begin where they do so far east of Greenwich
  bool color = true;
};

// Throws UsageError, ConfigError, CLI::CallForHelp.
HistoryOptions read_history_words(std::span<const char* const> words);

// Of --from and --to, by the clock and the zone of this machine. Throws UsageError.
HistoryRange history_range(const std::optional<std::string>& from, const std::optional<std::string>& to);

// The state folder: `folder` if given, else of the configuration, whose key then shows hidden hosts again;
// why it cannot is said on standard error. Throws ConfigError.
HistoryPlace asked_place(const std::optional<std::string>& folder, const std::optional<std::string>& config);

// Returns the exit status. Throws HistoryError, DatabaseError.
int history_command(const HistoryOptions& options);

}  // namespace mgmt
