#include "mgmt/command_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "mgmt/duration_text.h"
#include "mgmt/help_text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/number_text.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr Range<std::uint64_t> kTopRange = {1, aggregator::kTopNames};
constexpr std::array<std::string_view, 2> kCommands = {"replay", "help"};
constexpr std::size_t kShownColumns = 60;  // of a word that is repeated in a sentence

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string in_quotes(std::string_view word) {
  return "'" + printable(word, kShownColumns, TextStyle{}) + "'";
}

// The words as given: they are judged after the configuration file has been read, which they win over.
struct ReplayWords {
  std::optional<std::string> config;
  std::optional<std::string> workers;
  std::optional<std::string> shards;
  std::optional<std::string> window;
  std::optional<std::string> correlate;
  std::optional<std::string> top;
  bool json = false;
  bool no_color = false;
  bool no_progress = false;
  std::vector<std::string> files;
};

void add_options(CLI::App& replay, ReplayWords& words) {
  replay.allow_extras();
  replay.add_option("--config", words.config)->take_last();
  replay.add_option("--workers", words.workers)->take_last();
  replay.add_option("--shards", words.shards)->take_last();
  replay.add_option("--window", words.window)->take_last();
  replay.add_option("--correlate", words.correlate)->take_last();
  replay.add_option("--top", words.top)->take_last();
  replay.add_flag("--json", words.json)->disable_flag_override();
  replay.add_flag("--no-color", words.no_color)->disable_flag_override();
  replay.add_flag("--no-progress", words.no_progress)->disable_flag_override();
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

void take_window(const std::optional<std::string>& word, std::int64_t& window_ns) {
  if (!word) return;
  const auto read = parse_duration(*word);
  if (!read || !kWindowRangeNs.contains(*read)) {
    throw UsageError(fmt::format("--window takes a time above 0 and up to {}, not {}",
                                 duration_text(kWindowRangeNs.most), in_quotes(*word)));
  }
  window_ns = *read;
}

void take_correlate(const std::optional<std::string>& word, aggregator::Correlate& mode) {
  if (!word) return;
  if (*word != "client" && *word != "address") {
    throw UsageError(fmt::format("--correlate takes client or address, not {}", in_quotes(*word)));
  }
  mode = *word == "client" ? aggregator::Correlate::kClient : aggregator::Correlate::kAddress;
}

void check_files(const std::vector<std::string>& files) {
  if (files.empty()) throw UsageError("no capture file was given");
  if (std::ranges::count(files, "-") > 1) throw UsageError("standard input ('-') can be read only once");
  if (std::ranges::count(files, "") > 0) throw UsageError("the name of a capture file is empty");
}

bool is_option(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}

std::string suggestion(std::string_view meant) {
  return meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
}

[[noreturn]] void refuse_option(const CLI::App& replay, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : replay.get_options()) names.push_back("--" + option->get_lnames().front());
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string_view given = word.substr(0, word.find('='));
  throw UsageError(
      fmt::format("there is no option {}{}", in_quotes(given), suggestion(nearest_name(given, candidates))));
}

// CLI11 would split a file named "[a,b]": it gets the options, we keep the rest.
ReplayWords read_words(std::span<const char* const> given) {
  const auto end_of_options = std::ranges::find(given, std::string_view("--"));
  ReplayWords words;
  CLI::App replay;
  add_options(replay, words);
  replay.parse(std::vector<std::string>(std::reverse_iterator(end_of_options), given.rend()));
  for (const std::string& word : replay.remaining()) {
    if (is_option(word)) refuse_option(replay, word);
    words.files.push_back(word);
  }
  if (end_of_options != given.end()) words.files.insert(words.files.end(), end_of_options + 1, given.end());
  return words;
}

ReplayOptions replay_options(const ReplayWords& words) {
  check_files(words.files);
  ReplayOptions options;
  if (words.config) options.config = read_config(*words.config);
  Config& config = options.config;
  take_count("--workers", words.workers, kWorkersRange, config.replay.workers);
  take_count("--shards", words.shards, kShardsRange, config.replay.shards);
  take_window(words.window, config.pairing.window_ns);
  take_correlate(words.correlate, config.pairing.correlate);
  std::uint64_t top = options.top;
  take_count("--top", words.top, kTopRange, top);
  options.top = top;
  options.json = words.json;
  options.color = !words.no_color;
  options.progress = !words.no_progress;
  options.files = words.files;
  return options;
}

// CLI11 names the option first: "--workers: 1 required TEXT missing", "json was given a disallowed flag
// override".
std::string mismatch(const CLI::ArgumentMismatch& error) {
  const std::string_view what = error.what();
  const std::size_t colon = what.find(':');
  if (colon != std::string_view::npos) return fmt::format("{} needs a value", what.substr(0, colon));
  return fmt::format("--{} takes no value", what.substr(0, what.find(' ')));
}

Command parse_replay(std::span<const char* const> words) {
  try {
    return replay_options(read_words(words));
  } catch (const CLI::CallForHelp&) {
    return HelpText{std::string(kReplayHelp)};
  } catch (const CLI::ArgumentMismatch& error) {
    throw UsageError(mismatch(error));
  } catch (const CLI::Error& error) {
    throw UsageError(printable(error.what(), kShownColumns, TextStyle{}));
  }
}

[[noreturn]] void refuse_command(std::string_view word) {
  throw UsageError(fmt::format("there is no {} {}{}", is_option(word) ? "option" : "command", in_quotes(word),
                               suggestion(nearest_name(word, kCommands))));
}

Command help_on(std::span<const char* const> topics) {
  if (topics.empty() || topics.front() == std::string_view("help"))
    return HelpText{std::string(kTaplineHelp)};
  if (topics.front() == std::string_view("replay")) return HelpText{std::string(kReplayHelp)};
  refuse_command(topics.front());
}

Command parse_words(std::span<const char* const> words) {
  if (words.empty()) throw UsageError("no command was given");
  const std::string_view command = words.front();
  if (command == "replay") return parse_replay(words.subspan(1));
  if (command == "help") return help_on(words.subspan(1));
  if (command == "-h" || command == "--help") return HelpText{std::string(kTaplineHelp)};
  if (command == "-V" || command == "--version") return HelpText{"tapline " TAPLINE_VERSION "\n"};
  refuse_command(command);
}

bool is_replay(std::span<const char* const> words) {
  return !words.empty() && words.front() == std::string_view("replay");
}

}  // namespace

Command parse_command_line(std::span<const char* const> words) {
  try {
    return parse_words(words);
  } catch (const ConfigError& error) {
    return WrongUsage{fmt::format("{}\n", error.what())};
  } catch (const UsageError& error) {
    return WrongUsage{fmt::format("tapline: {}\ntry 'tapline {}--help'\n", error.what(),
                                  is_replay(words) ? "replay " : "")};
  }
}

}  // namespace mgmt
