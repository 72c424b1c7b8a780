#include "mgmt/patterns_command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>

#include <fmt/format.h>

#include "matchers/domain_text.h"
#include "matchers/pattern_compiler.h"
#include "mgmt/analysis_settings.h"
#include "mgmt/command_line.h"
#include "mgmt/name_verdict.h"
#include "mgmt/nearest_name.h"
#include "mgmt/pattern_loading.h"
#include "mgmt/patterns_text.h"
#include "mgmt/standard_error.h"
#include "mgmt/standard_output.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr std::array<std::string_view, 2> kActions = {"check", "test"};

PatternsOptions::Action action_of(std::string_view word) {
  const auto found = std::ranges::find(kActions, word);
  if (found != kActions.end()) return static_cast<PatternsOptions::Action>(found - kActions.begin());
  throw UsageError(fmt::format("'tapline patterns' cannot do {}, only check and test{}", in_quotes(word),
                               suggestion(nearest_name(word, kActions))));
}

PatternCheck checked(const std::string& file) {
  PatternCheck check{.file = file};
  try {
    const matchers::PatternFile patterns = matchers::read_patterns(file);
    const auto began = std::chrono::steady_clock::now();
    const auto database = matchers::compile_patterns(patterns);
    check.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    check.patterns = patterns.patterns.size();
    check.octets = database->octets();
  } catch (const matchers::PatternError& error) {
    check.mistakes = error.mistakes();
  }
  return check;
}

int check(const PatternsOptions& options) {
  const PatternCheck check = checked(options.file);
  const bool sound = check.mistakes.empty();
  if (!sound && !options.json) throw ConfigError(mistakes_text(check));
  const std::string text = options.json ? check_json(check) : check_text(check);
  if (!write_standard_output(text)) return kExitFailed;
  return sound ? kExitDone : kExitUsage;
}

// Names with where they come from, for a sentence about them.
struct GivenName {
  std::string text;
  std::string place;
};

std::vector<GivenName> given_names(const std::vector<std::string>& words) {
  std::vector<GivenName> names;
  for (const std::string& word : words) {
    if (word != "-") {
      names.push_back({.text = word, .place = "tapline"});
      continue;
    }
    std::string line;
    for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
      if (!line.empty()) names.push_back({.text = line, .place = fmt::format("standard input:{}", number)});
    }
  }
  return names;
}

// Throws ConfigError with a sentence for each that is no name.
std::vector<matchers::WireName> wire_names(const std::vector<GivenName>& given) {
  std::vector<matchers::WireName> names;
  std::string sentences;
  for (const GivenName& name : given) {
    try {
      names.push_back(matchers::wire_name(name.text));
    } catch (const matchers::DomainError& error) {
      sentences += fmt::format("{}{}: {}", sentences.empty() ? "" : "\n", name.place, error.what());
    }
  }
  if (!sentences.empty()) throw ConfigError(sentences);
  return names;
}

int test(const PatternsOptions& options) {
  const auto names = wire_names(given_names(options.names));
  const auto unresolved = unresolved_names(options.config.network);
  const auto patterns = load_patterns(options.file, options.config.patterns);
  const NameVerdicts verdicts = verdicts_on(names, *patterns, unresolved.get());
  const std::string text = options.json ? verdicts_json(verdicts) : verdicts_text(verdicts);
  return write_standard_output(text) ? kExitDone : kExitFailed;
}

}  // namespace

PatternsOptions read_patterns_words(std::span<const char* const> given) {
  PatternsOptions options;
  std::optional<std::string> config_file;
  CLI::App app;
  app.add_option("--config", config_file)->take_last();
  app.add_flag("--json", options.json)->disable_flag_override();
  std::vector<std::string> words = take_options(app, given);
  if (words.empty()) {
    throw UsageError("'tapline patterns' needs to know what to do: check FILE, or test FILE NAME...");
  }
  options.action = action_of(words[0]);
  if (words.size() < 2) throw UsageError(fmt::format("'tapline patterns {}' needs a file", words[0]));
  options.file = words[1];
  options.names.assign(words.begin() + 2, words.end());
  const bool tests = options.action == PatternsOptions::Action::kTest;
  if (!tests && !options.names.empty()) throw UsageError("one pattern file at a time");
  if (tests && options.names.empty()) throw UsageError("'tapline patterns test' needs a name");
  if (std::ranges::count(options.names, "-") > 1) {
    throw UsageError("standard input ('-') can be read only once");
  }
  if (config_file) options.config = read_config(*config_file);
  return options;
}

int patterns_command(const PatternsOptions& options) {
  return options.action == PatternsOptions::Action::kCheck ? check(options) : test(options);
}

}  // namespace mgmt
