// The program: finds out what is asked for and has it done.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <sys/resource.h>
#include <unistd.h>

#include "mgmt/bench.h"
#include "mgmt/command_line.h"
#include "mgmt/config.h"
#include "mgmt/doctor.h"
#include "mgmt/history/command.h"
#include "mgmt/mail.h"
#include "mgmt/regress.h"
#include "mgmt/replay.h"
#include "mgmt/run.h"
#include "mgmt/standard_output.h"
#include "mgmt/text_style.h"

namespace {

int run(const mgmt::ReplayOptions& options) {
  return mgmt::replay(options);
}

int run(const mgmt::RunOptions& options) {
  return mgmt::run_live(options);
}

int run(const mgmt::BenchOptions& options) {
  return mgmt::bench(options);
}

int run(const mgmt::ConfigOptions& options) {
  return mgmt::config_command(options);
}

int run(const mgmt::PatternsOptions& options) {
  return mgmt::patterns_command(options);
}

int run(const mgmt::MailOptions& options) {
  return mgmt::mail(options);
}

int run(const mgmt::RegressOptions& options) {
  return mgmt::regress(options);
}

int run(const mgmt::HistoryOptions& options) {
  return mgmt::history_command(options);
}

int run(const mgmt::DoctorOptions& options) {
  return mgmt::doctor(options);
}

int run(const mgmt::AskOptions& options) {
  return mgmt::ask(options);
}

int run(const mgmt::PrivacyOptions& options) {
  return mgmt::privacy_command(options);
}

int run(const mgmt::FleetOptions& options) {
  return mgmt::fleet_command(options);
}

int run(const mgmt::CaptureOptions& options) {
  return mgmt::capture_command(options);
}

int run(const mgmt::HelpText& help) {
  return mgmt::write_standard_output(help.text) ? mgmt::kExitDone : mgmt::kExitFailed;
}

int run(const mgmt::WrongUsage& wrong) {
  std::fputs(wrong.sentence.c_str(), stderr);
  return mgmt::kExitUsage;
}

// Ends the program here because std::bad_alloc in a thread would abort it. Calls nothing that allocates.
[[noreturn]] void end_without_memory() {
  constexpr std::string_view kSentence =
      "tapline: memory is used up; smaller tables ([memory] in the configuration), fewer --workers or "
      "--shards, or a higher limit (ulimit -v) would help\n";
  if (write(STDERR_FILENO, kSentence.data(), kSentence.size()) < 0) {
    // Nobody to tell: the exit status has to do.
  }
  std::_Exit(mgmt::kExitFailed);
}

// A descriptor for each of many captures that overlap in time.
void raise_open_files_limit() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away, and a file at its size limit, are seen where we write.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_new_handler(end_without_memory);
  raise_open_files_limit();
  try {
    const std::span<const char* const> words(argv + std::min(argc, 1), argv + argc);
    return std::visit([](const auto& command) { return run(command); }, mgmt::parse_command_line(words));
  } catch (const mgmt::ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return mgmt::kExitUsage;
  } catch (const std::exception& error) {
    // Names in it may be anybody's.
    const std::string sentence = mgmt::printable(error.what(), mgmt::kPathColumns, mgmt::TextStyle{});
    std::fprintf(stderr, "tapline: %s\n", sentence.c_str());
    return mgmt::kExitFailed;
  }
}
