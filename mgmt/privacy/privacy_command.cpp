#include "mgmt/privacy/privacy_command.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "mgmt/analysis_settings.h"
#include "mgmt/command_line.h"
#include "mgmt/nearest_name.h"
#include "mgmt/privacy/hiding.h"
#include "mgmt/standard_output.h"
#include "mgmt/text_style.h"
#include "mgmt/time_text.h"
#include "mgmt/words.h"
#include "wire/network.h"

namespace mgmt {
namespace {

constexpr std::array<std::string_view, 3> kActions = {"key", "hide", "show"};

std::chrono::year_month_day in_a_year() {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return std::chrono::year_month_day(today + std::chrono::days(365));
}

// With a name for each line, as it was given.
std::string lines_of(const PrivacyOptions& options) {
  Hiding hiding(read_privacy_key(options.key_file), suffixes_if_there());
  std::string text;
  for (const std::string& what : options.what) {
    const auto address = wire::address_from(what);
    const std::string given = printable(what, kPathColumns, TextStyle{});
    if (!address && options.action == PrivacyOptions::Action::kShow)
      throw std::runtime_error(fmt::format("'{}' is no address; names cannot be shown again", given));
    const std::string other = !address ? hiding.name(what)
                              : options.action == PrivacyOptions::Action::kShow
                                  ? wire::to_text(hiding.shown(*address))
                                  : wire::to_text(hiding.address(*address));
    text += fmt::format("{}  {}\n", given, other);
  }
  return text;
}

}  // namespace

PrivacyOptions read_privacy_words(std::span<const char* const> given) {
  PrivacyOptions options;
  CLI::App app;
  std::optional<std::string> until;
  app.add_option("--until", until)->take_last();
  app.add_option("--key", options.key_file)->take_last();
  std::vector<std::string> words = take_options(app, given);
  if (words.empty()) throw UsageError("'tapline privacy' needs to know what to do: key, hide or show");
  const auto action = std::ranges::find(kActions, words.front());
  if (action == kActions.end()) {
    throw UsageError(fmt::format("'tapline privacy' cannot do {}, only key, hide and show{}",
                                 in_quotes(words.front()),
                                 suggestion(nearest_name(words.front(), kActions))));
  }
  options.action = static_cast<PrivacyOptions::Action>(action - kActions.begin());
  options.what.assign(words.begin() + 1, words.end());
  const bool makes_key = options.action == PrivacyOptions::Action::kKey;
  if (makes_key != options.what.empty()) {
    throw UsageError(makes_key ? "'tapline privacy key' takes no more words; it prints a key file"
                               : fmt::format("'tapline privacy {}' needs addresses", *action));
  }
  if (makes_key != options.key_file.empty())
    throw UsageError(makes_key ? "--key is for hide and show" : "--key FILE says by which key");
  const auto date = until ? parse_date(*until) : in_a_year();
  if (!date)
    throw UsageError(fmt::format("--until takes a date such as 2027-01-31, not {}", in_quotes(*until)));
  options.until = *date;
  return options;
}

int privacy_command(const PrivacyOptions& options) {
  const std::string text =
      options.action == PrivacyOptions::Action::kKey ? new_privacy_key(options.until) : lines_of(options);
  return write_standard_output(text) ? kExitDone : kExitFailed;
}

}  // namespace mgmt
