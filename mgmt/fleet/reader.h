// Asks the fleet's database what it has of one sensor or of all.
#pragma once

#include <cstdint>
#include <string>

#include "mgmt/fleet/clickhouse.h"
#include "mgmt/fleet/tables.h"
#include "mgmt/history/source.h"

namespace mgmt {

// ClickHouse adds up hours and days, and what several sensors saw stays apart. Everything throws
// ClickHouseError.
class FleetReader final : public HistorySource {
 public:
  // `sensor` is "" for all. Hours and days begin where they do `east_s` seconds east of Greenwich.
  FleetReader(const FleetSettings& settings, std::string sensor, std::int64_t east_s);

  HistoryAnswer<HistoryStep> steps(const HistoryQuery& query) override;
  HistoryAnswer<HistoryFinding> findings(const HistoryRange& range) override;
  HistoryAnswer<HistoryGap> gaps(const HistoryRange& range) override;

 private:
  std::string table(FleetTable table) const;
  std::string of_sensor() const;

  std::string database_;
  std::string sensor_;
  std::uint64_t east_s_;
  ClickHouse clickhouse_;
};

}  // namespace mgmt
