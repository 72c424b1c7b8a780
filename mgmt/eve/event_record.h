// One thing that happened, as a line of JSON in the shape of Suricata's EVE log, with what is tapline's own
// under "tapline".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "aggregator/detectors/finding_book.h"
#include "aggregator/sensor_counts.h"
#include "aggregator/summary.h"

namespace mgmt {

enum class EventType : std::uint8_t {
  kAlert,
  kStats,
  kDns
};

// Severities of RFC 5424 section 6.2.1, of those that are used.
enum class Urgency : std::uint8_t {
  kCritical = 2,
  kError = 3,
  kWarning = 4,
  kInformational = 6
};

// Immutable, shared by all event logs that it is for.
struct EventRecord {
  EventType type = EventType::kStats;
  Urgency urgency = Urgency::kInformational;
  std::int64_t time_ns = 0;  // packet time
  std::string json;          // ASCII without control characters, so one line, without its end
};
using SharedRecord = std::shared_ptr<const EventRecord>;

std::string_view event_type_name(EventType type) noexcept;

// What became of a finding.
enum class AlertChange : std::uint8_t {
  kOpened,
  kRaised,  // its severity
  kClosed
};

// `at_ns`: when it was found to have changed. `sensor` is this machine's name, here and below.
EventRecord alert_record(AlertChange change, const aggregator::Finding& finding, std::int64_t at_ns,
                         const std::string& sensor);

// Of some seconds together.
struct StatsSpan {
  std::uint64_t first = 0;         // second of packet time, since 1970
  std::uint64_t last = 0;          // likewise, included
  std::uint64_t clients_most = 0;  // that asked, were answered or connected in one of them
  aggregator::SensorCounts counts;
};

// `live` and `ledger` are since the start, `uptime_s` ago. Suricata's own counters are told beside ours.
EventRecord stats_record(const StatsSpan& span, const aggregator::LiveLedger& live,
                         const dataplane::Ledger& ledger, std::uint64_t uptime_s, const std::string& sensor);

// "2026-11-22T06:40:00.123456+0000", as Suricata writes it, rounded down.
std::string eve_time_text(std::int64_t ns_since_1970);

}  // namespace mgmt
