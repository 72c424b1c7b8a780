// From what the pipeline has completed to the history.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "aggregator/host_analysis.h"
#include "mgmt/config.h"
#include "mgmt/history/baseline_keeper.h"
#include "mgmt/history/kept_hosts.h"
#include "mgmt/history/minutes.h"
#include "mgmt/history/writer.h"
#include "mgmt/live_pipeline.h"
#include "mgmt/privacy/disguise.h"

namespace mgmt {

// How it writes of whom: the same hosts by both.
struct HistoryPrivacy {
  Disguise disguise{};
  KeptHosts hosts{};
};

// One thread, which never waits for the disk but in finish().
class HistoryFeed {
 public:
  // `mail_servers` are those of `hosts` below.
  HistoryFeed(HistoryWriterSettings settings, const std::vector<aggregator::WatchedServer>& mail_servers,
              HistoryPrivacy privacy, HistoryWriter::Say say);

  // As Minutes::take.
  void take(std::span<const LiveSecond> seconds, aggregator::HostAnalysis* hosts);

  // The last, unfinished minute, and all that waits; for so long at most. Once.
  void finish(aggregator::HostAnalysis* hosts);

  HistoryProgress progress() const { return writer_.progress(); }

 private:
  BaselineKeeper baselines_;
  HistoryWriter writer_;
  HistoryWriter::Say say_;
  Minutes minutes_;
};

// Says what it has to say on standard error. Null without [history]. Throws HistoryError, and
// std::runtime_error in a sentence if the key of [privacy] cannot be read.
std::unique_ptr<HistoryFeed> history_feed(const Config& config);

}  // namespace mgmt
