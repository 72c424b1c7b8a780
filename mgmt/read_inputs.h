// Captures and logs through the pipeline, with a progress bar: what the commands that read files share.
#pragma once

#include "mgmt/replay_options.h"
#include "mgmt/replay_pipeline.h"
#include "mgmt/text_style.h"

namespace mgmt {

// What a host or a mail server did in a hundred days of hours, or in two of seconds: about 100 MB.
inline constexpr std::size_t kMostSeriesPoints = 172'800;

ReplayPlan replay_plan(const ReplayOptions& options);

ReplayResult read_inputs(const ReplayOptions& options, const ReplayPlan& plan, const TextStyle& style);

// Says on standard error what could not be read. True if all was.
bool complain_of(const ReplayResult& result);

}  // namespace mgmt
