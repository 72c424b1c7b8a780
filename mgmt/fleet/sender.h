// Sends what waits in the spool to ClickHouse.
#pragma once

#include <array>
#include <cstddef>

#include "mgmt/fleet/clickhouse.h"
#include "mgmt/fleet/rows.h"
#include "mgmt/fleet/spool.h"

namespace mgmt {

// One thread. Borrows all three.
class FleetSender {
 public:
  FleetSender(const FleetSettings& settings, const FleetSensor& sensor, FleetSpool& spool,
              ClickHouse& clickhouse)
      : settings_(settings), sensor_(sensor), spool_(spool), clickhouse_(clickhouse) {}

  // One batch, oldest minutes first. Returns how many minutes of it ClickHouse has now; none if nothing
  // waits. What it had already, but whose answer was lost, is no row more there. Throws ClickHouseError; then
  // all of the batch still waits.
  std::size_t send_batch();

 private:
  FleetRows rows_of(const FleetSpool::Batch& batch) const;

  const FleetSettings& settings_;
  const FleetSensor& sensor_;
  FleetSpool& spool_;
  ClickHouse& clickhouse_;
};

}  // namespace mgmt
