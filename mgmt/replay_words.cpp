#include "mgmt/replay_words.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "mgmt/duration_text.h"
#include "mgmt/log_words.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr Range<std::uint64_t> kTopRange = {1, aggregator::kTopNames};

// The words as given: they are judged after the configuration file has been read, which they win over.
struct ReplayWords {
  std::optional<std::string> config;
  std::optional<std::string> workers;
  std::optional<std::string> shards;
  std::optional<std::string> window;
  std::optional<std::string> correlate;
  std::optional<std::string> top;
  std::optional<std::string> series;
  std::optional<std::string> step;
  std::vector<std::string> captures;
  LogWords logs;
  bool csv = false;
  bool json = false;
  bool no_color = false;
  bool no_progress = false;
};

void add_options(CLI::App& replay, ReplayWords& words) {
  replay.add_option("--config", words.config)->take_last();
  replay.add_option("--workers", words.workers)->take_last();
  replay.add_option("--shards", words.shards)->take_last();
  replay.add_option("--window", words.window)->take_last();
  replay.add_option("--correlate", words.correlate)->take_last();
  replay.add_option("--top", words.top)->take_last();
  replay.add_option("--series", words.series)->take_last();
  replay.add_option("--step", words.step)->take_last();
  replay.add_option("--pcap", words.captures)->allow_extra_args(false);
  add_log_options(replay, words.logs);
  replay.add_flag("--csv", words.csv)->disable_flag_override();
  replay.add_flag("--json", words.json)->disable_flag_override();
  replay.add_flag("--no-color", words.no_color)->disable_flag_override();
  replay.add_flag("--no-progress", words.no_progress)->disable_flag_override();
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

wire::Address series_host(const std::string& word, const Config& config) {
  if (const auto address = wire::address_from(word)) return *address;
  for (const auto* servers : {&config.mail_servers, &config.dns_servers}) {
    for (const aggregator::WatchedServer& server : *servers) {
      if (server.name == word) return server.addresses.front();
    }
  }
  throw UsageError(fmt::format(
      "--series takes an address, or the name of a server of the configuration, not {}", in_quotes(word)));
}

std::optional<SeriesOptions> take_series(const ReplayWords& words, const Config& config) {
  if (!words.series) {
    if (words.step) throw UsageError("--step belongs to --series HOST");
    if (words.csv) throw UsageError("--csv belongs to --series HOST");
    return std::nullopt;
  }
  if (words.csv && words.json) throw UsageError("--csv and --json exclude each other");
  SeriesOptions series;
  series.host = series_host(*words.series, config);
  if (words.step) series.step = series_step_from(*words.step);
  if (words.csv) series.format = SeriesFormat::kCsv;
  if (words.json) series.format = SeriesFormat::kJson;
  return series;
}

void check_files(const std::vector<std::string>& files, const LogOptions& logs) {
  if (files.empty() && logs.logs.empty()) throw UsageError("no capture file was given, nor a log");
  if (std::ranges::count(files, "-") + std::ranges::count(logs.logs, "-", &LogArgument::path) > 1)
    throw UsageError("standard input ('-') can be read only once");
  if (std::ranges::count(files, "") > 0) throw UsageError("the name of a capture file is empty");
}

}  // namespace

ReplayOptions read_replay_words(std::span<const char* const> given) {
  ReplayWords words;
  CLI::App app;
  add_options(app, words);
  ReplayOptions options;
  options.files = take_options(app, given);
  options.files.insert(options.files.end(), words.captures.begin(), words.captures.end());
  const LogOptions logs = read_log_words(words.logs);
  check_files(options.files, logs);
  if (words.config) options.config = read_config(*words.config);
  Config& config = options.config;
  options.logs = log_files(logs, config);
  take_count("--workers", words.workers, kWorkersRange, config.replay.workers);
  take_count("--shards", words.shards, kShardsRange, config.replay.shards);
  take_window(words.window, config.pairing.window_ns);
  take_correlate(words.correlate, config.pairing.correlate);
  std::uint64_t top = options.top;
  take_count("--top", words.top, kTopRange, top);
  options.top = top;
  options.json = words.json;
  options.series = take_series(words, config);
  options.color = !words.no_color;
  options.progress = !words.no_progress;
  return options;
}

}  // namespace mgmt
