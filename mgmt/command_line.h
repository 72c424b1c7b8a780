// From the words of the command line to what is to be done.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "mgmt/api/ask.h"
#include "mgmt/bench_options.h"
#include "mgmt/config_command.h"
#include "mgmt/doctor.h"
#include "mgmt/fleet/command.h"
#include "mgmt/history/command.h"
#include "mgmt/mail.h"
#include "mgmt/patterns_command.h"
#include "mgmt/privacy/privacy_command.h"
#include "mgmt/regress.h"
#include "mgmt/replay_options.h"
#include "mgmt/run_options.h"
#include "mgmt/spool/capture_command.h"

namespace mgmt {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;  // something could not be read or written
inline constexpr int kExitUsage = 2;   // wrong command line or configuration

struct HelpText {
  std::string text;  // for standard output
};

struct WrongUsage {
  std::string sentence;  // for standard error, with a final newline
};

using Command = std::variant<ReplayOptions, RunOptions, ConfigOptions, DoctorOptions, BenchOptions,
                             PatternsOptions, MailOptions, RegressOptions, AskOptions, HistoryOptions,
                             PrivacyOptions, FleetOptions, CaptureOptions, HelpText, WrongUsage>;

// `words` are those after the program's name. Reads the configuration file too, since the command line wins
// over it. Throws nothing but std::bad_alloc.
Command parse_command_line(std::span<const char* const> words);

}  // namespace mgmt
