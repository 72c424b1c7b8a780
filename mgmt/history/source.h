// What can be asked of a history, wherever it is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/step_series.h"
#include "mgmt/history/record.h"

namespace mgmt {

// In seconds since 1970: steps that begin in it, findings and gaps that overlap it. `to` is not in it any
// more.
struct HistoryRange {
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> to;
  std::size_t limit = 10'000;  // the newest
};

struct HistoryQuery {
  HistoryKind kind = HistoryKind::kSensor;
  std::string host;  // an address, or the name of a server; empty: the sensor, or all hosts of the kind
  aggregator::SeriesStep step = aggregator::SeriesStep::kMinute;  // or longer
  HistoryRange range;
};

struct HistoryStep {
  std::uint64_t begin = 0;
  HistoryRow row;
  std::string sensor{};  // of a fleet
};

// Oldest first; then by sensor and by host, where there are several.
template <class Row>
struct HistoryAnswer {
  std::vector<Row> rows;
  bool more = false;  // older ones, left out by the limit
};

// One thread.
class HistorySource {
 public:
  virtual ~HistorySource() = default;

  virtual HistoryAnswer<HistoryStep> steps(const HistoryQuery& query) = 0;
  virtual HistoryAnswer<HistoryFinding> findings(const HistoryRange& range) = 0;
  virtual HistoryAnswer<HistoryGap> gaps(const HistoryRange& range) = 0;
};

}  // namespace mgmt
