#include "mgmt/spool/capture_command.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/number_text.h"
#include "mgmt/privacy/hiding.h"
#include "mgmt/privacy/privacy_key.h"
#include "mgmt/run_words.h"
#include "mgmt/spool/spool_error.h"
#include "mgmt/spool/spool_files.h"
#include "mgmt/standard_error.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"
#include "mgmt/text_style.h"
#include "mgmt/when_text.h"
#include "mgmt/words.h"
#include "mgmt/zone_text.h"
#include "wire/network.h"

namespace mgmt {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kLastSecond = std::int64_t{1} << 33;  // beyond it a capture has no times

std::int64_t time_in(const char* option, const std::string& word) {
  const auto when = parse_when(word, std::time(nullptr), zone_of_machine);
  if (when && *when <= kLastSecond) return *when * kSecondNs;
  throw UsageError(fmt::format("{} takes a time such as {}, not {}", option, kWhenExamples, in_quotes(word)));
}

void take_spool(const Config& config, const std::string& file, CaptureOptions& options) {
  if (config.privacy) options.key_file = config.privacy->key_file;
  if (config.spool) {
    options.query.folder = config.spool->folder;
    return;
  }
  throw ConfigError(fmt::format("{}: has no [spool], so no frames are kept; --spool names a folder of them",
                                printable(file, kPathColumns, TextStyle{})));
}

void find_spool(const std::optional<std::string>& folder, const std::optional<std::string>& config,
                CaptureOptions& options) {
  if (folder && config) throw UsageError("--spool and --config exclude each other");
  options.query.folder = folder.value_or(Config::State().folder + "/spool");
  if (folder) return;
  if (config) return take_spool(read_config(*config), *config, options);
  if (access(kDefaultConfigFile, F_OK) == 0)
    take_spool(read_config(kDefaultConfigFile), kDefaultConfigFile, options);
}

// With the host as the hidden files have it, if there are any. Nobody needs the key for others.
SliceQuery query_with_hidden_host(const CaptureOptions& options) {
  SliceQuery query = options.query;
  if (!query.host || options.key_file.empty()) return query;
  const auto clear = [](const SpoolEntry& entry) { return entry.hidden_by().empty(); };
  if (std::ranges::all_of(spool_entries(query.folder), clear)) return query;
  try {
    Hiding hiding(read_privacy_key(options.key_file), nullptr);
    query.hidden_host = hiding.address(*query.host);
    query.key_mark = hiding.key_mark();
    return query;
  } catch (const std::runtime_error& error) {
    throw SpoolError(fmt::format(
        "there are files with hidden hosts, where --host is found by the key alone: {}", error.what()));
  }
}

// Where the slice goes to.
class SliceFile {
 public:
  explicit SliceFile(const std::string& path)
      : shown_(path == "-" ? "standard output" : printable(path, kPathColumns, TextStyle{})),
        file_(path == "-" ? STDOUT_FILENO
                          : open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)) {
    if (file_ < 0) fail("opened");
  }
  ~SliceFile() {
    if (file_ > STDERR_FILENO) ::close(file_);
  }
  SliceFile(const SliceFile&) = delete;
  SliceFile& operator=(const SliceFile&) = delete;

  void write(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t written = ::write(file_, octets.data(), octets.size());
      if (written < 0 && errno != EINTR) fail("written");
      if (written > 0) octets.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    const char* reason = std::strerror(errno);
    throw SpoolError(fmt::format("{} cannot be {}: {}", shown_, what, reason));
  }

  const std::string shown_;
  const int file_;
};

std::string done_text(const Slice& slice) {
  return fmt::format("{} frames, {}; {} of {} of the spool were read", grouped(slice.frames),
                     bytes_text(static_cast<double>(slice.bytes)),
                     bytes_text(static_cast<double>(slice.bytes_read)),
                     slice.files == 1 ? "1 file" : grouped(slice.files) + " files");
}

std::string done_json(const Slice& slice) {
  const nlohmann::ordered_json json = {{"frames", slice.frames},
                                       {"bytes", slice.bytes},
                                       {"bytes_read", slice.bytes_read},
                                       {"files_read", slice.files},
                                       {"complaints", slice.complaints}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

CaptureOptions read_capture_words(std::span<const char* const> given) {
  std::optional<std::string> from, to, host, folder, config, file;
  CaptureOptions options;
  CLI::App app;
  app.add_option("--from", from)->take_last();
  app.add_option("--to", to)->take_last();
  app.add_option("--host", host)->take_last();
  app.add_option("--spool", folder)->take_last();
  app.add_option("--config", config)->take_last();
  app.add_option("-w", file)->take_last();
  app.add_flag("--json", options.json)->disable_flag_override();
  const std::vector<std::string> words = take_options(app, given);
  if (words.empty() || words[0] != "extract")
    throw UsageError("'tapline capture' takes 'extract', 'start', 'stop' or 'status'");
  if (words.size() > 1)
    throw UsageError(
        fmt::format("'tapline capture extract' does not know what to do with {}", in_quotes(words[1])));
  if (!from) throw UsageError("'tapline capture extract' needs --from, such as --from -15m");
  if (!file) throw UsageError("'tapline capture extract' needs -w with a file, or - for standard output");
  options.to = *file;
  if (options.to == "-" && options.json) throw UsageError("--json and -w - both write to standard output");
  if (options.to == "-" && is_terminal(STDOUT_FILENO))
    throw UsageError("-w - writes a capture, which is nothing for a terminal: -w FILE, or | tcpdump -nr -");
  options.query.from_ns = time_in("--from", *from);
  options.query.to_ns = time_in("--to", to.value_or("now"));
  if (options.query.to_ns <= options.query.from_ns) throw UsageError("--to must be later than --from");
  if (host) {
    options.query.host = wire::address_from(*host);
    if (!options.query.host)
      throw UsageError(fmt::format("--host takes an address such as 10.1.0.25, not {}", in_quotes(*host)));
  }
  find_spool(folder, config, options);
  return options;
}

int capture_command(const CaptureOptions& options) {
  const SliceQuery query = query_with_hidden_host(options);
  std::optional<SliceFile> file;  // opened when the spool has answered
  const Slice slice = cut_slice(query, [&](std::string_view octets) {
    if (!file) file.emplace(options.to);
    file->write(octets);
  });
  for (const std::string& complaint : slice.complaints) tell(fmt::format("tapline: {}\n", complaint));
  if (!options.json) tell(fmt::format("tapline: {}\n", done_text(slice)));
  const bool written = !options.json || write_standard_output(done_json(slice));
  return written && slice.complaints.empty() ? kExitDone : kExitFailed;
}

}  // namespace mgmt
