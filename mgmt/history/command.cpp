#include "mgmt/history/command.h"

#include <algorithm>
#include <ctime>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/fleet/command.h"
#include "mgmt/fleet/reader.h"
#include "mgmt/history/figures.h"
#include "mgmt/history/reader.h"
#include "mgmt/history/store.h"
#include "mgmt/history/text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/number_text.h"
#include "mgmt/run_words.h"
#include "mgmt/standard_error.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"
#include "mgmt/when_text.h"
#include "mgmt/words.h"
#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

constexpr Range<std::uint64_t> kLimitRange = {1, 100'000};
constexpr std::size_t kTextRows = 100;
constexpr std::size_t kMostColumns = 100;

struct HistoryWords {
  std::optional<std::string> from, to, step, columns, limit, state, config, sensor;
  bool csv = false;
  bool json = false;
  bool fleet = false;
  bool no_color = false;
};

void add_options(CLI::App& app, HistoryWords& words) {
  app.add_option("--from", words.from)->take_last();
  app.add_option("--to", words.to)->take_last();
  app.add_option("--step", words.step)->take_last();
  app.add_option("--columns", words.columns)->take_last();
  app.add_option("--limit", words.limit)->take_last();
  app.add_option("--state", words.state)->take_last();
  app.add_option("--config", words.config)->take_last();
  app.add_option("--sensor", words.sensor)->take_last();
  app.add_flag("--fleet", words.fleet)->disable_flag_override();
  app.add_flag("--csv", words.csv)->disable_flag_override();
  app.add_flag("--json", words.json)->disable_flag_override();
  app.add_flag("--no-color", words.no_color)->disable_flag_override();
}

std::optional<std::int64_t> time_in(const char* option, const std::optional<std::string>& word) {
  if (!word) return std::nullopt;
  const auto time = parse_when(*word, std::time(nullptr), zone_of_machine);
  if (time) return time;
  throw UsageError(
      fmt::format("{} takes a time such as {}, not {}", option, kWhenExamples, in_quotes(*word)));
}

// "sensor", "host 10.1.0.25", "mail mx", "findings", "gaps".
void take_subject(std::span<const std::string> words, HistoryOptions& options) {
  constexpr std::array<std::string_view, 5> kNames = {"sensor", "host", "mail", "findings", "gaps"};
  if (words.empty()) return;
  const auto found = std::ranges::find(kNames, words[0]);
  if (found == kNames.end()) {
    throw UsageError(fmt::format("'tapline history query' knows {}, not {}{}", fmt::join(kNames, ", "),
                                 in_quotes(words[0]), suggestion(nearest_name(words[0], kNames))));
  }
  const auto place = static_cast<std::size_t>(found - kNames.begin());
  if (place == 3) options.asked = HistoryAsked::kFindings;
  if (place == 4) options.asked = HistoryAsked::kGaps;
  if (place < kHistoryKinds) options.query.kind = static_cast<HistoryKind>(place);
  const bool of_a_host = place == 1 || place == 2;
  if (words.size() > 1 && of_a_host) options.query.host = words[1];
  const std::size_t wanted = of_a_host ? 2 : 1;
  if (words.size() > wanted)
    throw UsageError(fmt::format("'tapline history query {}' does not know what to do with {}", words[0],
                                 in_quotes(words[wanted])));
}

std::vector<std::string> columns_in(std::string_view list, HistoryKind kind) {
  const std::vector<std::string> known = history_figure_names(kind);
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  std::vector<std::string> columns;
  while (columns.size() < kMostColumns) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string name(list.substr(0, comma));
    if (std::ranges::find(known, name) == known.end()) {
      throw UsageError(fmt::format("--columns: there is no column {}{}; there are {}", in_quotes(name),
                                   suggestion(nearest_name(name, candidates)), fmt::join(known, ", ")));
    }
    columns.push_back(name);
    if (comma == list.size()) return columns;
    list.remove_prefix(comma + 1);
  }
  throw UsageError(fmt::format("--columns takes at most {} columns", kMostColumns));
}

void take_step(const std::optional<std::string>& word, HistoryOptions& options) {
  if (!word) return;
  options.query.step = series_step_from(*word);
  if (options.query.step == aggregator::SeriesStep::kSecond)
    throw UsageError("--step takes 1m, 1h or 1d: seconds are not kept");
}

void take_fleet(const HistoryWords& words, HistoryOptions& options) {
  if (!words.fleet) {
    if (words.sensor) throw UsageError("--sensor belongs to --fleet: this history is of one sensor");
    return;
  }
  if (options.asked == HistoryAsked::kCheck) throw UsageError("'tapline history check' reads the local file");
  if (words.state) throw UsageError("--state and --fleet exclude each other");
  const std::string file = words.config.value_or(kDefaultConfigFile);
  const Config config = read_config(file);
  if (!config.fleet) throw ConfigError(no_fleet_text(file));
  options.fleet = config.fleet;
  options.east_s = config.detectors.utc_offset_s;
  options.sensor = words.sensor.value_or("");
  if (words.sensor && !is_sensor_name(options.sensor))
    throw UsageError(fmt::format("--sensor takes a sensor's name, not {}", in_quotes(options.sensor)));
}

int check(const HistoryOptions& options) {
  HistoryReader reader(options.place.folder);
  const std::string file = printable(history_file(options.place.folder), kPathColumns, TextStyle{});
  const std::string damage = reader.damage();
  if (damage.empty()) {
    return write_standard_output(
               fmt::format("{}: sound, {}\n", file, bytes_text(static_cast<double>(reader.bytes()))))
               ? kExitDone
               : kExitFailed;
  }
  throw HistoryError(fmt::format(
      "{}: is damaged: {}. Restart tapline, which sets it aside and begins a new one", file, damage));
}

}  // namespace

HistoryRange history_range(const std::optional<std::string>& from, const std::optional<std::string>& to) {
  HistoryRange range;
  range.from = time_in("--from", from);
  range.to = time_in("--to", to);
  if (range.from && range.to && *range.to <= *range.from) throw UsageError("--to must be later than --from");
  return range;
}

HistoryPlace asked_place(const std::optional<std::string>& folder, const std::optional<std::string>& config) {
  if (folder) return {*folder};
  if (!config && access(kDefaultConfigFile, F_OK) != 0) return {Config::State().folder};
  const Config read = read_config(config.value_or(kDefaultConfigFile));
  try {
    return {read.state.folder, kept_hosts(read)};
  } catch (const std::runtime_error& error) {
    tell(fmt::format("tapline: hosts that are hidden stay so: {}\n", error.what()));
    return {read.state.folder};
  }
}

HistoryOptions read_history_words(std::span<const char* const> given) {
  HistoryWords words;
  CLI::App app;
  add_options(app, words);
  const std::vector<std::string> others = take_options(app, given);
  if (others.empty() || (others[0] != "query" && others[0] != "check"))
    throw UsageError("'tapline history' takes 'query' or 'check'");
  HistoryOptions options;
  if (others[0] == "check") {
    if (others.size() > 1)
      throw UsageError(
          fmt::format("'tapline history check' does not know what to do with {}", in_quotes(others[1])));
    options.asked = HistoryAsked::kCheck;
  } else {
    take_subject(std::span(others).subspan(1), options);
  }
  if (words.csv && words.json) throw UsageError("--csv and --json exclude each other");
  if (words.csv) options.format = SeriesFormat::kCsv;
  if (words.json) options.format = SeriesFormat::kJson;
  options.query.range = history_range(words.from, words.to);
  if (options.format == SeriesFormat::kText) options.query.range.limit = kTextRows;
  std::uint64_t limit = options.query.range.limit;
  take_count("--limit", words.limit, kLimitRange, limit);
  options.query.range.limit = limit;
  take_step(words.step, options);
  if (words.columns) {
    if (options.asked != HistoryAsked::kSteps) throw UsageError("--columns belongs to sensor, host and mail");
    options.columns = columns_in(*words.columns, options.query.kind);
  }
  if (words.state && words.config) throw UsageError("--state and --config exclude each other");
  take_fleet(words, options);
  if (!options.fleet) options.place = asked_place(words.state, words.config);
  options.color = !words.no_color;
  return options;
}

int history_command(const HistoryOptions& options) {
  if (options.asked == HistoryAsked::kCheck) return check(options);
  std::unique_ptr<HistorySource> source;
  if (options.fleet) {
    source = std::make_unique<FleetReader>(*options.fleet, options.sensor, options.east_s);
  } else {
    source = std::make_unique<HistoryReader>(options.place.folder, options.place.hosts);
  }
  const TextStyle style = {locale_is_utf8(), options.color && shows_color(STDOUT_FILENO), 10};
  return write_standard_output(history_text(options, *source, style)) ? kExitDone : kExitFailed;
}

}  // namespace mgmt
