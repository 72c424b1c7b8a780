#include "mgmt/history/past.h"

#include "mgmt/history/evidence_json.h"
#include "mgmt/history/figures.h"
#include "mgmt/history/reader.h"

namespace mgmt {
namespace {

constexpr std::size_t kMostSteps = 10'080;  // a week of minutes
constexpr std::size_t kMostFindings = 1'000;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// What `read` makes of a reader; nothing if there is no history that can be read.
template <class Value, class Read>
Value read_or_nothing(const HistoryPlace& place, Read read) {
  try {
    HistoryReader reader(place.folder, place.hosts);
    return read(reader);
  } catch (const HistoryError&) {
    return {};
  } catch (const DatabaseError&) {
    return {};
  }
}

template <class Point, class MakePoint>
std::vector<Point> past_points(const PastAsked& asked, HistoryKind kind, const std::string& host,
                               MakePoint make) {
  if (asked.step == aggregator::SeriesStep::kSecond || asked.from > asked.last) return {};
  return read_or_nothing<std::vector<Point>>(asked.place, [&](HistoryReader& reader) {
    const HistoryRange range = {static_cast<std::int64_t>(asked.from),
                                static_cast<std::int64_t>(asked.last) + 1, kMostSteps};
    std::vector<Point> points;
    for (const HistoryStep& step : reader.steps({kind, host, asked.step, range}).rows)
      points.push_back(make(step));
    return points;
  });
}

aggregator::EvidenceValue evidence_of(const nlohmann::ordered_json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (value.is_number()) return value.get<double>();
  if (!value.is_array()) return value.is_string() ? value.get<std::string>() : value.dump();
  std::vector<std::string> words;
  for (const auto& word : value) words.push_back(word.is_string() ? word.get<std::string>() : word.dump());
  return words;
}

// `ended`: where one that was open when its run was killed has its end.
aggregator::Finding finding_of(const HistoryFinding& row, std::int64_t ended) {
  aggregator::Finding finding;
  finding.id = row.id;
  finding.detector = row.detector;
  finding.subject = wire::address_from(row.subject).value();
  finding.name = row.name;
  finding.since_ns = row.since * kNsPerSecond;
  finding.until_ns = row.until.value_or(std::max(row.since, ended)) * kNsPerSecond;
  finding.score = row.score;
  const auto severity = std::ranges::find(kHistorySeverities, row.severity);
  if (severity != kHistorySeverities.end())
    finding.severity = static_cast<aggregator::Severity>(severity - kHistorySeverities.begin());
  const auto evidence = evidence_json(row.evidence);
  if (evidence.is_object()) {
    for (const auto& [key, value] : evidence.items()) finding.evidence.emplace_back(key, evidence_of(value));
  }
  finding.advice = row.advice;
  return finding;
}

}  // namespace

std::vector<aggregator::SensorPoint> past_sensor_points(const PastAsked& asked) {
  return past_points<aggregator::SensorPoint>(asked, HistoryKind::kSensor, "", [](const HistoryStep& step) {
    return aggregator::SensorPoint(step.begin, sensor_counts_of(step.row));
  });
}

std::vector<aggregator::SeriesPoint> past_host_points(const PastAsked& asked, const std::string& host) {
  return past_points<aggregator::SeriesPoint>(asked, HistoryKind::kHost, host, [](const HistoryStep& step) {
    return host_point_of(step.begin, step.row);
  });
}

std::vector<aggregator::MailPoint> past_mail_points(const PastAsked& asked, const std::string& server) {
  return past_points<aggregator::MailPoint>(asked, HistoryKind::kMail, server, [](const HistoryStep& step) {
    return aggregator::MailPoint(step.begin, mail_counts_of(step.row));
  });
}

std::vector<HistoryGap> past_gaps(const HistoryPlace& place, std::uint64_t from) {
  return read_or_nothing<std::vector<HistoryGap>>(place, [&](HistoryReader& reader) {
    return reader.gaps({static_cast<std::int64_t>(from), std::nullopt, kMostSteps}).rows;
  });
}

std::vector<aggregator::Finding> past_findings(const HistoryPlace& place) {
  return read_or_nothing<std::vector<aggregator::Finding>>(place, [](HistoryReader& reader) {
    const auto ended = static_cast<std::int64_t>(reader.end().value_or(0));
    std::vector<aggregator::Finding> findings;
    for (const HistoryFinding& row : reader.findings({.from = {}, .to = {}, .limit = kMostFindings}).rows) {
      if (wire::address_from(row.subject))
        findings.push_back(finding_of(row, ended));  // else hidden by another key
    }
    return findings;
  });
}

std::uint64_t next_finding(const HistoryPlace& place) {
  return std::max<std::uint64_t>(
      1, read_or_nothing<std::uint64_t>(place, [](HistoryReader& reader) { return reader.next_finding(); }));
}

std::optional<std::uint64_t> past_begin(const HistoryPlace& place) {
  return read_or_nothing<std::optional<std::uint64_t>>(place,
                                                       [](HistoryReader& reader) { return reader.begin(); });
}

}  // namespace mgmt
