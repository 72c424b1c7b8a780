#include "mgmt/run_words.h"

#include <fmt/format.h>

#include "mgmt/duration_text.h"
#include "mgmt/text_style.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr Range<std::uint64_t> kTopRange = {1, aggregator::kTopNames};

std::int64_t length_of(const std::string& word) {
  const auto length_ns = parse_duration(word);
  if (!length_ns || *length_ns == 0) {
    throw UsageError(fmt::format("--for takes a time above 0, such as 10s, not {}", in_quotes(word)));
  }
  return *length_ns;
}

}  // namespace

RunOptions read_run_words(std::span<const char* const> given) {
  std::optional<std::string> length;
  std::optional<std::string> top;
  RunOptions options;
  options.config_file = kDefaultConfigFile;
  CLI::App app;
  bool no_color = false;
  bool no_lines = false;
  app.add_option("--config", options.config_file)->take_last();
  app.add_option("--for", length)->take_last();
  app.add_option("--top", top)->take_last();
  app.add_flag("--json", options.json)->disable_flag_override();
  app.add_flag("--no-color", no_color)->disable_flag_override();
  app.add_flag("--stay", options.stay)->disable_flag_override();
  app.add_flag("--no-lines", no_lines)->disable_flag_override();
  const std::vector<std::string> words = take_options(app, given);
  if (!words.empty()) {
    throw UsageError(
        fmt::format("'tapline run' does not know what to do with {}; ports are in the configuration",
                    in_quotes(words.front())));
  }
  options.config = read_config(options.config_file);
  if (options.config.ports.empty()) {
    throw ConfigError(fmt::format("{}: has no [[port]]; add one with the name of the tap's interface",
                                  printable(options.config_file, kPathColumns, TextStyle{})));
  }
  if (length) options.length_ns = length_of(*length);
  std::uint64_t rows = options.top;
  take_count("--top", top, kTopRange, rows);
  options.top = rows;
  options.color = !no_color;
  options.lines = !no_lines;
  return options;
}

}  // namespace mgmt
