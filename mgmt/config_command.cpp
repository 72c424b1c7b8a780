#include "mgmt/config_command.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mgmt/analysis_settings.h"
#include "mgmt/command_line.h"
#include "mgmt/config_text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/pattern_loading.h"
#include "mgmt/standard_output.h"
#include "mgmt/text_style.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr std::array<std::string_view, 2> kActions = {"check", "show"};

ConfigOptions::Action action_of(std::string_view word) {
  const auto found = std::ranges::find(kActions, word);
  if (found != kActions.end()) return static_cast<ConfigOptions::Action>(found - kActions.begin());
  throw UsageError(fmt::format("'tapline config' cannot do {}, only check and show{}", in_quotes(word),
                               suggestion(nearest_name(word, kActions))));
}

// What was understood of a sound file, in one line.
std::string verdict_on(const std::string& file, const Config& config) {
  return fmt::format("{}: OK, {} {}\n", printable(file, kPathColumns, TextStyle{}), config.ports.size(),
                     config.ports.size() == 1 ? "port" : "ports");
}

// What only shows when names are made ready to be matched. Throws ConfigError with all of it.
void check_names(const std::string& file, const Config& config) {
  std::string sentences;
  const auto check = [&](const std::string& where, auto&& make) {
    try {
      make();
    } catch (const ConfigError& error) {
      sentences.append(sentences.empty() ? "" : "\n").append(where).append(error.what());
    }
  };
  const std::string in_file = printable(file, kPathColumns, TextStyle{}) + ": ";
  check(in_file, [&] { unresolved_names(config.network); });
  check("", [&] { pattern_scanners(config, 0); });
  if (!sentences.empty()) throw ConfigError(sentences);
}

}  // namespace

ConfigOptions read_config_words(std::span<const char* const> given) {
  ConfigOptions options;
  CLI::App app;
  app.add_option("--config", options.file)->take_last();
  app.add_flag("--json", options.json)->disable_flag_override();
  const std::vector<std::string> words = take_options(app, given);
  if (words.empty()) throw UsageError("'tapline config' needs to know what to do: check FILE, or show");
  options.action = action_of(words.front());
  if (words.size() > 2) throw UsageError("one configuration file at a time");
  if (words.size() == 2) options.file = words[1];
  if (options.action == ConfigOptions::Action::kCheck && !options.file) {
    throw UsageError("'tapline config check' needs a file");
  }
  return options;
}

int config_command(const ConfigOptions& options) {
  const Config config = options.file ? read_config(*options.file) : Config{};
  if (options.action == ConfigOptions::Action::kCheck) check_names(*options.file, config);
  std::string text;
  if (options.json) {
    text = config_json(config);
  } else if (options.action == ConfigOptions::Action::kCheck) {
    text = verdict_on(*options.file, config);
  } else {
    text = config_text(config);
  }
  return write_standard_output(text) ? kExitDone : kExitFailed;
}

}  // namespace mgmt
