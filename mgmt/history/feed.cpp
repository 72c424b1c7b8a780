#include "mgmt/history/feed.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "mgmt/history/place.h"
#include "mgmt/standard_error.h"

namespace mgmt {
namespace {

constexpr std::chrono::seconds kPatience{5};  // for the disk, at the end
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

void mark(HistoryMinute& minute, const KeptHosts& hosts) {
  for (std::vector<HistoryRow>& rows : minute.rows) {
    for (HistoryRow& row : rows) row.host = hosts.marked(std::move(row.host));
  }
}

}  // namespace

HistoryFeed::HistoryFeed(HistoryWriterSettings settings,
                         const std::vector<aggregator::WatchedServer>& mail_servers, HistoryPrivacy privacy,
                         HistoryWriter::Say say)
    : baselines_({settings.store.folder, privacy.hosts}, say),
      writer_(std::move(settings), say),
      say_(std::move(say)),
      minutes_(
          mail_servers,
          [this, hosts = privacy.hosts](HistoryMinute minute, std::vector<HistoryFinding> findings) {
            mark(minute, hosts);
            for (HistoryFinding& finding : findings)
              finding.subject = hosts.marked(std::move(finding.subject));
            writer_.put(std::move(minute), std::move(findings));
          },
          privacy.disguise) {}

void HistoryFeed::take(std::span<const LiveSecond> seconds, aggregator::HostAnalysis* hosts) {
  minutes_.take(seconds, hosts);
  if (hosts != nullptr && !seconds.empty()) baselines_.take(seconds.back().window, hosts->detectors());
}

void HistoryFeed::finish(aggregator::HostAnalysis* hosts) {
  minutes_.finish(hosts);
  if (hosts != nullptr) baselines_.finish(hosts->detectors());
  if (!writer_.finish(kPatience)) {
    say_(fmt::format("history: the last {} minutes could not be written; the next start will show a gap",
                     writer_.progress().waiting));
  }
}

std::unique_ptr<HistoryFeed> history_feed(const Config& config) {
  if (!config.history || !config.history->enabled) return nullptr;
  constexpr auto seconds = [](std::int64_t ns) { return static_cast<std::uint64_t>(ns / kNsPerSecond); };
  HistoryPrivacy privacy = {Disguise(config, Sink::kHistory), kept_hosts(config)};
  HistoryWriterSettings settings;
  settings.store.folder = config.state.folder;
  settings.store.keep_minutes_s = seconds(config.history->keep_minutes_ns);
  settings.store.keep_hours_s = seconds(config.history->keep_hours_ns);
  settings.store.keep_days_s = seconds(config.history->keep_days_ns);
  settings.store.max_bytes = config.history->max_bytes;
  settings.store.east_s = config.detectors.utc_offset_s;
  for (const auto* servers : {&config.dns_servers, &config.mail_servers}) {
    for (const aggregator::WatchedServer& server : *servers)
      settings.store.names[server.name] = privacy.hosts.kept(server.addresses.front());
  }
  return std::make_unique<HistoryFeed>(
      std::move(settings), config.mail_servers, std::move(privacy),
      [](const std::string& sentence) { tell(fmt::format("tapline: {}\n", sentence)); });
}

}  // namespace mgmt
