#include "mgmt/read_inputs.h"

#include <cstdio>
#include <optional>

#include <fmt/format.h>
#include <sys/stat.h>

#include "mgmt/analysis_settings.h"
#include "mgmt/progress.h"

namespace mgmt {
namespace {

std::string shown_path(const std::string& path) {
  return path == "-" ? "standard input" : printable(path, kPathColumns, TextStyle{});
}

// Of all inputs as stored; nothing if one of them is a pipe.
std::optional<std::uint64_t> bytes_of(const ReplayOptions& options, const dataplane::CaptureReader& reader) {
  std::uint64_t total = reader.bytes_total();
  if (total == 0 && !options.files.empty()) return std::nullopt;
  for (const dataplane::LogFile& log : options.logs) {
    struct stat status {};
    if (::stat(log.path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    total += static_cast<std::uint64_t>(status.st_size);
  }
  return total;
}

}  // namespace

ReplayPlan replay_plan(const ReplayOptions& options) {
  const Config& config = options.config;
  ReplayPlan plan;
  plan.workers = static_cast<unsigned>(config.replay.workers);
  plan.shards = static_cast<unsigned>(config.replay.shards);
  plan.logs = options.logs;
  plan.observer = observer_settings(config, plan.workers + (plan.logs.empty() ? 0 : 1));
  std::vector<wire::Address> others;
  if (options.series) others.push_back(options.series->host);
  plan.shard = shard_settings(config, others);
  plan.shard.logs_alone = options.files.empty();
  plan.hosts = host_analysis_settings(config, plan.shard, plan.observer.patterns.get());
  return plan;
}

ReplayResult read_inputs(const ReplayOptions& options, const ReplayPlan& plan, const TextStyle& style) {
  dataplane::CaptureReader reader(options.files);
  Progress progress(options.progress, bytes_of(options, reader), style);
  ReplayResult result = run_replay(
      reader, plan, [&](std::uint64_t frames, std::uint64_t bytes) { progress.update(frames, bytes); });
  progress.finish();
  return result;
}

bool complain_of(const ReplayResult& result) {
  for (const dataplane::CaptureError& error : result.errors)
    fmt::print(stderr, "tapline: {}: at byte {}: {}\n", shown_path(error.path), error.offset, error.reason);
  for (const dataplane::LogError& error : result.log_errors)
    fmt::print(stderr, "tapline: {}: {}\n", shown_path(error.path), error.reason);
  return result.errors.empty() && result.log_errors.empty();
}

}  // namespace mgmt
