// The program: finds out what is asked for and has it done.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <span>
#include <variant>

#include "mgmt/command_line.h"
#include "mgmt/replay.h"
#include "mgmt/standard_output.h"

namespace {

int run(const mgmt::ReplayOptions& options) {
  return mgmt::replay(options);
}

int run(const mgmt::HelpText& help) {
  return mgmt::write_standard_output(help.text) ? mgmt::kExitDone : mgmt::kExitFailed;
}

int run(const mgmt::WrongUsage& wrong) {
  std::fputs(wrong.sentence.c_str(), stderr);
  return mgmt::kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // A reader that goes away is seen where we write.
  try {
    const std::span<const char* const> words(argv + std::min(argc, 1), argv + argc);
    return std::visit([](const auto& command) { return run(command); }, mgmt::parse_command_line(words));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tapline: %s\n", error.what());
    return mgmt::kExitFailed;
  }
}
