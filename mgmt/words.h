// What the commands' readers of the command line share.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "aggregator/step_series.h"
#include "mgmt/config.h"

namespace mgmt {

// A sentence without "tapline: ".
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A word of the user's, safe to repeat in a sentence.
std::string in_quotes(std::string_view word);

// "; did you mean X?", or nothing.
std::string suggestion(std::string_view meant);

bool is_option(std::string_view word);

// Lets `app` take its options out of the words. Returns the others in their order, those after "--" too.
// Throws UsageError, also for an option that `app` does not have, and CLI::CallForHelp.
std::vector<std::string> take_options(CLI::App& app, std::span<const char* const> given);

// One of kSeriesStepNames. Throws UsageError.
aggregator::SeriesStep series_step_from(const std::string& word);

void take_count(const char* option, const std::optional<std::string>& word, Range<std::uint64_t> range,
                std::uint64_t& value);

}  // namespace mgmt
