// Capture files through workers and shards: the whole house in one function.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/host_analysis.h"
#include "aggregator/shard.h"
#include "aggregator/summary.h"
#include "dataplane/capture_reader.h"
#include "dataplane/log_worker.h"
#include "dataplane/observer.h"

namespace mgmt {

struct ReplayPlan {
  unsigned workers = 1;  // 1 to 64
  unsigned shards = 1;   // 1 to 64
  // Of each ring, 64 bytes; a power of two. Long enough for a shard to look far ahead, short enough for the
  // nearer caches.
  std::size_t ring_slots = 1024;
  std::size_t round_frames = 2048;  // dealt before the next worker's turn
  dataplane::ObserverSettings observer;
  aggregator::ShardSettings shard;
  std::optional<aggregator::HostAnalysisSettings> hosts;  // together with shard.hosts
  std::vector<dataplane::LogFile> logs;                   // merged with the captures by time
};

struct ReplayResult {
  aggregator::Summary summary;
  std::optional<aggregator::HostAnalysis> hosts;  // if the plan wanted it
  std::vector<dataplane::CaptureError> errors;    // what could not be read; all before it is in the summary
  std::vector<dataplane::LogError> log_errors;    // likewise
};

// Told now and then, on the calling thread: frames read so far, and bytes of the files as stored.
using OnProgress = std::function<void(std::uint64_t frames, std::uint64_t bytes)>;

// Reads `reader` and the logs to their end. With one worker, one shard and no log everything happens on the
// calling thread; else each has a thread of its own, so have the logs together, and the calling thread reads.
// The result does not depend on their numbers. Throws std::runtime_error, in a sentence, if memory or threads
// cannot be had.
ReplayResult run_replay(dataplane::CaptureReader& reader, const ReplayPlan& plan,
                        const OnProgress& on_progress);

}  // namespace mgmt
