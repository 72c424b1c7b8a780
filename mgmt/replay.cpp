#include "mgmt/replay.h"

#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/analysis_settings.h"
#include "mgmt/command_line.h"
#include "mgmt/progress.h"
#include "mgmt/replay_pipeline.h"
#include "mgmt/report_json.h"
#include "mgmt/report_text.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

ReplayPlan plan_of(const Config& config) {
  ReplayPlan plan;
  plan.workers = static_cast<unsigned>(config.replay.workers);
  plan.shards = static_cast<unsigned>(config.replay.shards);
  plan.observer = observer_settings(config);
  plan.shard = shard_settings(config);
  return plan;
}

void complain(const dataplane::CaptureError& error) {
  const std::string file =
      error.path == "-" ? "standard input" : printable(error.path, kPathColumns, TextStyle{});
  fmt::print(stderr, "tapline: {}: at byte {}: {}\n", file, error.offset, error.reason);
}

}  // namespace

int replay(const ReplayOptions& options) {
  const TextStyle style = {locale_is_utf8(), options.color && shows_color(STDOUT_FILENO), options.top};
  dataplane::CaptureReader reader(options.files);
  const std::uint64_t total = reader.bytes_total();
  Progress progress(options.progress, total == 0 ? std::nullopt : std::optional(total), style);
  const ReplayResult result =
      run_replay(reader, plan_of(options.config),
                 [&](std::uint64_t frames, std::uint64_t bytes) { progress.update(frames, bytes); });
  progress.finish();

  const std::string report = options.json
                                 ? report_json(result.summary)
                                 : report_text(result.summary, "tapline replay", options.files, style);
  const bool written = write_standard_output(report);
  for (const dataplane::CaptureError& error : result.errors) complain(error);
  return written && result.errors.empty() ? kExitDone : kExitFailed;
}

}  // namespace mgmt
