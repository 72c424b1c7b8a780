#include "mgmt/api/ask.h"

#include <chrono>
#include <thread>

#include <unistd.h>

#include "mgmt/api/api_client.h"
#include "mgmt/command_line.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

constexpr const char* kClearTerminal = "\x1b[H\x1b[2J\x1b[3J";

std::multimap<std::string, std::string> parameters_of(const AskOptions& options) {
  std::multimap<std::string, std::string> parameters = options.parameters;
  if (options.json || !options.text) return parameters;
  parameters.emplace("format", "text");
  if (locale_is_utf8()) parameters.emplace("utf8", "1");
  if (options.color && shows_color(STDOUT_FILENO)) parameters.emplace("color", "1");
  return parameters;
}

}  // namespace

int ask(const AskOptions& options) {
  while (true) {
    std::string answer = ask_sensor(options.socket, options.method, options.path, parameters_of(options));
    if (options.follow_ns && !options.json && is_terminal(STDOUT_FILENO)) answer.insert(0, kClearTerminal);
    if (!write_standard_output(answer)) return kExitFailed;
    if (!options.follow_ns) return kExitDone;
    std::this_thread::sleep_for(std::chrono::nanoseconds(*options.follow_ns));
  }
}

}  // namespace mgmt
