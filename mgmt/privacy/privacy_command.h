// `tapline privacy`: makes keys, and says who hides behind an address.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace mgmt {

struct PrivacyOptions {
  enum class Action {
    kKey,
    kHide,
    kShow
  };
  Action action = Action::kKey;
  std::chrono::year_month_day until{};  // of kKey
  std::string key_file;                 // of the others
  std::vector<std::string> what;        // addresses; of kHide names too
};

// Throws UsageError, CLI::CallForHelp.
PrivacyOptions read_privacy_words(std::span<const char* const> words);

// Returns the exit status. Throws std::runtime_error.
int privacy_command(const PrivacyOptions& options);

}  // namespace mgmt
