// The commands that ask the running sensor: status, top, show, findings, series and their kin.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mgmt/api/http_settings.h"

namespace mgmt {

struct AskOptions {
  std::string socket = kDefaultSocketPath;
  std::string method = "GET";
  std::string path;
  std::multimap<std::string, std::string> parameters;
  bool json = false;
  bool text = true;                       // there is a form for people
  bool color = true;                      // where standard output is a terminal
  std::optional<std::int64_t> follow_ns;  // asks again each time so much has passed
};

// `words` are those after the command. Throw UsageError, CLI::CallForHelp.
AskOptions read_status_words(std::span<const char* const> words);
AskOptions read_top_words(std::span<const char* const> words);
AskOptions read_show_words(std::span<const char* const> words);
AskOptions read_findings_words(std::span<const char* const> words);
AskOptions read_series_words(std::span<const char* const> words);
AskOptions read_reload_words(std::span<const char* const> words);

// Of `patterns`, `config`, `capture` and `mail`, which else read files.
bool asks_the_sensor(std::string_view command, std::span<const char* const> words);
AskOptions read_sensor_words(std::string_view command, std::span<const char* const> words);

// Prints the answer. Returns the exit status. Throws std::runtime_error if the sensor does not answer.
int ask(const AskOptions& options);

}  // namespace mgmt
