#include "mgmt/replay_words.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "mgmt/duration_text.h"
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

void check_files(const std::vector<std::string>& files) {
  if (files.empty()) throw UsageError("no capture file was given");
  if (std::ranges::count(files, "-") > 1) throw UsageError("standard input ('-') can be read only once");
  if (std::ranges::count(files, "") > 0) throw UsageError("the name of a capture file is empty");
}

}  // namespace

ReplayOptions read_replay_words(std::span<const char* const> given) {
  ReplayWords words;
  CLI::App app;
  add_options(app, words);
  ReplayOptions options;
  options.files = take_options(app, given);
  check_files(options.files);
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
  return options;
}

}  // namespace mgmt
