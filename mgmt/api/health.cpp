#include "mgmt/api/health.h"

#include <cmath>

#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/text_style.h"
#include "mgmt/time_text.h"

namespace mgmt {

using aggregator::SensorField;

namespace {

void add_event_logs(std::vector<std::string>& problems, const aggregator::LiveLedger& live) {
  for (const aggregator::LiveEventLog& log : live.event_logs) {
    if (!log.trouble.empty()) {
      problems.push_back(fmt::format("event log {}: {}", log.to, log.trouble));
    } else if (log.lost_late > 0) {
      problems.push_back(
          fmt::format("event log {}: {} lines of the last minute were lost, it takes them too slowly", log.to,
                      grouped(log.lost_late)));
    }
  }
}

void add_fleet(std::vector<std::string>& problems, const aggregator::LiveFleet& fleet) {
  if (!fleet.trouble.empty()) problems.push_back(fmt::format("fleet: {}", fleet.trouble));
  if (fleet.lost_late > 0) {
    problems.push_back(fmt::format(
        "fleet: {} of its minutes found no room to wait any more: a greater spool_bytes would help",
        grouped(fleet.lost_late)));
  }
}

void add_spool(std::vector<std::string>& problems, const aggregator::LiveSpool& spool) {
  if (!spool.trouble.empty()) {
    problems.push_back(
        fmt::format("spool {}: {}", printable(spool.folder, kPathColumns, TextStyle{}), spool.trouble));
  } else if (spool.lost_late > 0) {
    problems.push_back(
        fmt::format("spool: {} frames of the last minute were lost, the disk takes them too slowly: a larger "
                    "ring_bytes would help "
                    "with bursts",
                    grouped(spool.lost_late)));
  }
}

}  // namespace

std::vector<std::string> health_problems(const SensorState& state) {
  std::vector<std::string> problems;
  if (!state.capturing) return problems;
  if (state.unbalanced_seconds > 0) {
    problems.push_back(
        fmt::format("the ledger did not balance in {} seconds: a defect of tapline, please report it",
                    grouped(state.unbalanced_seconds)));
  }
  for (const std::string& port : state.links_down)
    problems.push_back(fmt::format("port {} has no link", printable(port, kPathColumns, TextStyle{})));
  if (state.silent_s >= kSilentSeconds) {
    problems.push_back(
        fmt::format("no frame has come for {}: is the mirror port on? 'tapline doctor' looks",
                    time_span_text(static_cast<std::uint64_t>(state.silent_s) * 1'000'000'000)));
  }
  const std::uint64_t lost = state.minute[SensorField::kLostFrames];
  if (lost > 0) {
    problems.push_back(fmt::format(
        "{} of {} frames of the last minute were lost by the NIC: more queues and cores would help",
        grouped(lost), grouped(lost + state.minute[SensorField::kFrames])));
  }
  if (const std::uint64_t events = state.minute[SensorField::kLostEvents]; events > 0) {
    problems.push_back(fmt::format(
        "{} events of the last minute found their ring full: more shard_cores would help", grouped(events)));
  }
  const auto today = std::chrono::sys_days(
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(state.taken_s))));
  if (state.privacy_until && std::chrono::sys_days(*state.privacy_until) <= today) {
    problems.push_back(
        fmt::format("the key of [privacy] was to be replaced on {}: 'tapline privacy key' makes a new one",
                    date_text(*state.privacy_until)));
  }
  const auto& live = state.summary.live;
  if (live && live->filter && std::isinf(live->filter->ratio))
    problems.emplace_back("the NIC's filter hides all that it should let pass: set nic_filter = false");
  if (live) add_event_logs(problems, *live);
  if (live && live->fleet) add_fleet(problems, *live->fleet);
  if (live && live->spool) add_spool(problems, *live->spool);
  return problems;
}

}  // namespace mgmt
