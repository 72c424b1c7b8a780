#include "mgmt/log_words.h"

#include <charconv>

#include <fmt/format.h>

#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2199;

LogArgument argument_of(const char* option, dataplane::LogRole role, const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == word.size())
    throw UsageError(
        fmt::format("{} takes HOST=FILE, such as 10.1.0.25=mail.log, not {}", option, in_quotes(word)));
  return {role, word.substr(0, equals), word.substr(equals + 1)};
}

int year_of(const std::string& word) {
  int year = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, year);
  if (error != std::errc{} || rest != end || year < kFirstYear || year > kLastYear)
    throw UsageError(
        fmt::format("--log-year takes a year from {} to {}, not {}", kFirstYear, kLastYear, in_quotes(word)));
  return year;
}

}  // namespace

void add_log_options(CLI::App& app, LogWords& words) {
  app.add_option("--maillog", words.maillogs)->allow_extra_args(false);
  app.add_option("--querylog", words.querylogs)->allow_extra_args(false);
  app.add_option("--log-year", words.year)->take_last();
  app.add_option("--log-zone", words.zone)->take_last();
}

LogOptions read_log_words(const LogWords& words) {
  LogOptions options;
  for (const std::string& word : words.maillogs)
    options.logs.push_back(argument_of("--maillog", dataplane::LogRole::kMail, word));
  for (const std::string& word : words.querylogs)
    options.logs.push_back(argument_of("--querylog", dataplane::LogRole::kQuery, word));
  if (words.year) options.year = year_of(*words.year);
  if (words.zone) {
    options.zone_s = parse_zone(*words.zone);
    if (!options.zone_s)
      throw UsageError(
          fmt::format("--log-zone takes UTC or an offset such as +09:00, not {}", in_quotes(*words.zone)));
  }
  return options;
}

}  // namespace mgmt
