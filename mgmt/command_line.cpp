#include "mgmt/command_line.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "mgmt/bench_words.h"
#include "mgmt/help_text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/replay_words.h"
#include "mgmt/run_words.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

using Words = std::span<const char* const>;

struct CommandReader {
  std::string_view name;
  std::string_view help;
  Command (*read)(Words words);
};

constexpr std::array<CommandReader, 18> kReaders = {{
    {"replay", kReplayHelp, [](Words words) -> Command { return read_replay_words(words); }},
    {"run", kRunHelp, [](Words words) -> Command { return read_run_words(words); }},
    {"status", kStatusHelp, [](Words words) -> Command { return read_status_words(words); }},
    {"top", kTopHelp, [](Words words) -> Command { return read_top_words(words); }},
    {"show", kShowHelp, [](Words words) -> Command { return read_show_words(words); }},
    {"findings", kFindingsHelp, [](Words words) -> Command { return read_findings_words(words); }},
    {"series", kSeriesHelp, [](Words words) -> Command { return read_series_words(words); }},
    {"reload", kReloadHelp, [](Words words) -> Command { return read_reload_words(words); }},
    {"privacy", kPrivacyHelp, [](Words words) -> Command { return read_privacy_words(words); }},
    {"config", kConfigHelp, [](Words words) -> Command { return read_config_words(words); }},
    {"patterns", kPatternsHelp, [](Words words) -> Command { return read_patterns_words(words); }},
    {"mail", kMailHelp, [](Words words) -> Command { return read_mail_words(words); }},
    {"regress", kRegressHelp, [](Words words) -> Command { return read_regress_words(words); }},
    {"history", kHistoryHelp, [](Words words) -> Command { return read_history_words(words); }},
    {"fleet", kFleetHelp, [](Words words) -> Command { return read_fleet_words(words); }},
    {"capture", kCaptureHelp, [](Words words) -> Command { return read_capture_words(words); }},
    {"doctor", kDoctorHelp, [](Words words) -> Command { return read_doctor_words(words); }},
    {"bench", kBenchHelp, [](Words words) -> Command { return read_bench_words(words); }},
}};

const CommandReader* reader_of(std::string_view name) {
  for (const CommandReader& reader : kReaders) {
    if (reader.name == name) return &reader;
  }
  return nullptr;
}

[[noreturn]] void refuse_command(std::string_view word) {
  std::array<std::string_view, kReaders.size() + 1> names = {"help"};
  for (std::size_t i = 0; i < kReaders.size(); ++i) names[i + 1] = kReaders[i].name;
  throw UsageError(fmt::format("there is no {} {}{}", is_option(word) ? "option" : "command", in_quotes(word),
                               suggestion(nearest_name(word, names))));
}

Command help_on(Words topics) {
  if (topics.empty() || topics.front() == std::string_view("help"))
    return HelpText{std::string(kTaplineHelp)};
  if (const CommandReader* reader = reader_of(topics.front())) return HelpText{std::string(reader->help)};
  refuse_command(topics.front());
}

Command read_with(const CommandReader& reader, Words words) {
  try {
    return asks_the_sensor(reader.name, words) ? read_sensor_words(reader.name, words) : reader.read(words);
  } catch (const CLI::CallForHelp&) {
    return HelpText{std::string(reader.help)};
  }
}

Command parse_words(Words words) {
  if (words.empty()) throw UsageError("no command was given");
  const std::string_view command = words.front();
  if (const CommandReader* reader = reader_of(command)) return read_with(*reader, words.subspan(1));
  if (command == "help") return help_on(words.subspan(1));
  if (command == "-h" || command == "--help") return HelpText{std::string(kTaplineHelp)};
  if (command == "-V" || command == "--version") return HelpText{"tapline " TAPLINE_VERSION "\n"};
  refuse_command(command);
}

// "replay ", to go before "--help".
std::string topic_of(Words words) {
  const CommandReader* reader = words.empty() ? nullptr : reader_of(words.front());
  return reader ? fmt::format("{} ", reader->name) : "";
}

}  // namespace

Command parse_command_line(Words words) {
  try {
    return parse_words(words);
  } catch (const ConfigError& error) {
    return WrongUsage{fmt::format("{}\n", error.what())};
  } catch (const UsageError& error) {
    return WrongUsage{fmt::format("tapline: {}\ntry 'tapline {}--help'\n", error.what(), topic_of(words))};
  }
}

}  // namespace mgmt
