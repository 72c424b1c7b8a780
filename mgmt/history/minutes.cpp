#include "mgmt/history/minutes.h"

#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

namespace mgmt {
namespace {

using aggregator::SeriesStep;

constexpr std::uint64_t kMinute = 60;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

template <class Counts>
std::vector<std::uint64_t> list_of(const Counts& counts) {
  return {counts.of.begin(), counts.of.end()};
}

std::uint64_t rounded(double estimate) {
  return static_cast<std::uint64_t>(std::llround(estimate));
}

std::vector<std::uint64_t> counts_of(const aggregator::SeriesPoint& point) {
  std::vector<std::uint64_t> counts = list_of(point.counts);
  for (const double most : {point.destinations, point.smtp_destinations, point.names, point.sources})
    counts.push_back(rounded(most));
  return counts;
}

std::string evidence_text(const aggregator::Finding& finding) {
  using Json = nlohmann::ordered_json;
  Json evidence = Json::object();
  for (const auto& [key, value] : finding.evidence)
    evidence[key] = std::visit([](const auto& figure) { return Json(figure); }, value);
  return evidence.dump(-1, ' ', false, Json::error_handler_t::replace);
}

HistoryFinding row_of(const aggregator::Finding& finding) {
  HistoryFinding row;
  row.id = finding.id;
  row.detector = finding.detector;
  row.subject = wire::to_text(finding.subject);
  row.name = finding.name;
  row.since = finding.since_ns / kNsPerSecond;
  if (finding.until_ns) row.until = *finding.until_ns / kNsPerSecond;
  row.score = finding.score;
  row.severity = kHistorySeverities[static_cast<std::size_t>(finding.severity)];
  row.evidence = evidence_text(finding);
  row.advice = finding.advice;
  return row;
}

}  // namespace

void Minutes::take(std::span<const LiveSecond> seconds, const aggregator::HostAnalysis* hosts) {
  for (const LiveSecond& second : seconds) {
    const std::uint64_t begin = second.window / kMinute * kMinute;
    if (open_ && open_->begin != begin) put(open_->begin + kMinute, hosts);
    if (!open_) {
      const bool first = last_ == 0;
      open_.emplace().begin = begin;
      open_->from = first ? second.window : begin;
      if (hosts != nullptr) watched_ = hosts->series().hosts();
    }
    sensor_ += second.counts;
    last_ = second.window + 1;
  }
}

void Minutes::finish(const aggregator::HostAnalysis* hosts) {
  if (open_) put(last_, hosts);
}

void Minutes::put(std::uint64_t until, const aggregator::HostAnalysis* hosts) {
  HistoryMinute minute = std::move(*open_);
  open_.reset();
  minute.until = until;
  minute.rows[static_cast<std::size_t>(HistoryKind::kSensor)].push_back({"", list_of(sensor_)});
  sensor_ = {};
  std::vector<HistoryFinding> findings;
  if (hosts != nullptr) {
    add_hosts(minute, *hosts);
    findings = changed_findings(*hosts);
  }
  put_(std::move(minute), std::move(findings));
}

void Minutes::add_hosts(HistoryMinute& minute, const aggregator::HostAnalysis& hosts) const {
  for (const wire::Address& host : watched_) {
    const aggregator::HostSeries* const series = hosts.series().find(host);
    const auto point = series != nullptr ? series->point(SeriesStep::kMinute, minute.begin) : std::nullopt;
    if (point)
      minute.rows[static_cast<std::size_t>(HistoryKind::kHost)].push_back(
          {wire::to_text(disguise_.address(host)), counts_of(*point)});
  }
  for (const aggregator::WatchedServer& server : mail_servers_) {
    const wire::Address& address = server.addresses.front();
    const aggregator::MailSeries* const series = hosts.mail().series(address);
    const auto point = series != nullptr ? series->point(SeriesStep::kMinute, minute.begin) : std::nullopt;
    if (point)
      minute.rows[static_cast<std::size_t>(HistoryKind::kMail)].push_back(
          {wire::to_text(disguise_.address(address)), list_of(point->counts)});
  }
}

// An open one changes all the time, one that is closed only if it goes on.
std::vector<HistoryFinding> Minutes::changed_findings(const aggregator::HostAnalysis& hosts) {
  std::vector<HistoryFinding> changed;
  std::set<std::uint64_t> closed;
  for (const aggregator::Finding& finding : hosts.detectors().findings()) {
    if (finding.until_ns) closed.insert(finding.id);
    if (!finding.until_ns || !closed_.contains(finding.id))
      changed.push_back(row_of(disguise_.finding(finding)));
  }
  closed_ = std::move(closed);
  return changed;
}

}  // namespace mgmt
