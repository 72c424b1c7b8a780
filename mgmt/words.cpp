#include "mgmt/words.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "mgmt/nearest_name.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::size_t kShownColumns = 60;  // of a word that is repeated in a sentence

[[noreturn]] void refuse_option(const CLI::App& app, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) names.push_back("--" + option->get_lnames().front());
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string_view given = word.substr(0, word.find('='));
  throw UsageError(
      fmt::format("there is no option {}{}", in_quotes(given), suggestion(nearest_name(given, candidates))));
}

// CLI11 names the option first: "--workers: 1 required TEXT missing", "json was given a disallowed flag
// override".
std::string mismatch(const CLI::ArgumentMismatch& error) {
  const std::string_view what = error.what();
  const std::size_t colon = what.find(':');
  if (colon != std::string_view::npos) return fmt::format("{} needs a value", what.substr(0, colon));
  return fmt::format("--{} takes no value", what.substr(0, what.find(' ')));
}

void parse(CLI::App& app, std::vector<std::string> reversed) {
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    throw;
  } catch (const CLI::ArgumentMismatch& error) {
    throw UsageError(mismatch(error));
  } catch (const CLI::Error& error) {
    throw UsageError(printable(error.what(), kShownColumns, TextStyle{}));
  }
}

}  // namespace

std::string in_quotes(std::string_view word) {
  return "'" + printable(word, kShownColumns, TextStyle{}) + "'";
}

std::string suggestion(std::string_view meant) {
  return meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
}

bool is_option(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}

// CLI11 would split a file named "[a,b]": it gets the options, we keep the rest.
std::vector<std::string> take_options(CLI::App& app, std::span<const char* const> given) {
  const auto end_of_options = std::ranges::find(given, std::string_view("--"));
  app.allow_extras();
  parse(app, std::vector<std::string>(std::reverse_iterator(end_of_options), given.rend()));
  std::vector<std::string> others;
  for (const std::string& word : app.remaining()) {
    if (is_option(word)) refuse_option(app, word);
    others.push_back(word);
  }
  if (end_of_options != given.end()) others.insert(others.end(), end_of_options + 1, given.end());
  return others;
}

aggregator::SeriesStep series_step_from(const std::string& word) {
  const auto& names = aggregator::kSeriesStepNames;
  const auto found = std::ranges::find(names, word);
  if (found == names.end())
    throw UsageError(fmt::format("--step takes {}, not {}", fmt::join(names, ", "), in_quotes(word)));
  return static_cast<aggregator::SeriesStep>(found - names.begin());
}

void take_count(const char* option, const std::optional<std::string>& word, Range<std::uint64_t> range,
                std::uint64_t& value) {
  if (!word) return;
  std::uint64_t read = 0;
  const char* end = word->data() + word->size();
  const auto [rest, error] = std::from_chars(word->data(), end, read);
  if (error != std::errc() || rest != end || !range.contains(read)) {
    throw UsageError(fmt::format("{} takes a whole number from {} to {}, not {}", option, range.least,
                                 range.most, in_quotes(*word)));
  }
  value = read;
}

}  // namespace mgmt
