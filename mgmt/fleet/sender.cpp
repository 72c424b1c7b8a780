#include "mgmt/fleet/sender.h"

namespace mgmt {

std::size_t FleetSender::send_batch() {
  const FleetSpool::Batch batch = spool_.take(settings_.batch_minutes, settings_.batch_bytes);
  if (batch.empty()) return 0;
  const FleetRows rows = rows_of(batch);
  try {
    for (std::size_t i = 0; i < kFleetTables; ++i) {
      const std::string table = full_name(settings_.database, static_cast<FleetTable>(i));
      if (!rows[i].empty()) clickhouse_.insert(table, rows[i]);
    }
  } catch (const ClickHouseError&) {
    spool_.put_back();
    throw;
  }
  spool_.sent(batch);
  return batch.numbers.size();
}

FleetRows FleetSender::rows_of(const FleetSpool::Batch& batch) const {
  FleetRows rows;
  add_rows(batch.lines, rows);
  for (const HistoryGap& gap : batch.gaps) add_rows(fleet_line(sensor_, gap), rows);
  return rows;
}

}  // namespace mgmt
