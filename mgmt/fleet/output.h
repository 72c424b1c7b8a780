// The way to the fleet: one thread writes minutes to the spool, another sends what waits there.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "aggregator/summary.h"
#include "mgmt/eve/recent_losses.h"
#include "mgmt/fleet/clickhouse.h"
#include "mgmt/fleet/rows.h"
#include "mgmt/fleet/spool.h"

namespace mgmt {

struct FleetOutputSettings {
  FleetSettings fleet;
  FleetSensor sensor;
  std::string folder;              // of the spool
  std::size_t most_waiting = 120;  // minutes, for a disk that is full; of more the oldest are lost
  std::chrono::milliseconds disk_retry{2'000};
  std::chrono::milliseconds first_pause{1'000};  // after a failure; doubled after each
  std::chrono::milliseconds longest_pause{60'000};
  ClickHouseLimits limits;
};

// Fed and ended by the control thread, which it makes wait in finish() only.
class FleetOutput {
 public:
  using Say = std::function<void(const std::string& sentence)>;  // called by its threads and the constructor

  // Throws HistoryError and ClickHouseError for what an operator has to mend; a full disk is said and tried
  // again.
  FleetOutput(FleetOutputSettings settings, Say say);
  ~FleetOutput();  // what is on the disk by then is sent by the next run
  FleetOutput(const FleetOutput&) = delete;
  FleetOutput& operator=(const FleetOutput&) = delete;

  // In the order of time. Of findings those that changed.
  void put(HistoryMinute minute, std::vector<HistoryFinding> findings);

  // Nothing more comes. Returns once all is on the disk, and sent if it can be; or after `patience`. True if
  // nothing is left that is on no disk.
  bool finish(std::chrono::milliseconds patience);

  aggregator::LiveFleet state();

 private:
  struct Waiting {
    HistoryMinute minute;
    std::vector<HistoryFinding> findings;
  };

  void lose(std::uint64_t from, std::uint64_t until);
  std::uint64_t lost_so_far() const;
  void keep();
  void keep(const Waiting& waiting);
  void send();
  bool send_all();
  void disk_trouble(const std::string& reason);
  void disk_well();
  void send_trouble(const std::string& reason);
  void send_well();

  const FleetOutputSettings settings_;
  const Say say_;
  ClickHouse clickhouse_;
  std::optional<FleetSpool> spool_;  // of the thread that keeps, until there is one; then of both

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  bool in_hand_ = false;          // one more, which the thread is writing
  std::vector<HistoryGap> lost_;  // what `waiting_` had no room for; the spool is still to be told
  std::uint64_t lost_count_ = 0;  // of minutes
  std::uint64_t kept_ = 0;        // on the disk so far
  bool spool_open_ = false;
  bool finishing_ = false;
  bool all_kept_ = false;
  bool all_sent_ = false;  // after that, or tried in vain
  bool stopping_ = false;
  std::string disk_trouble_;
  std::string send_trouble_;
  std::uint64_t sent_ = 0;
  RecentLosses recent_;  // the control thread's

  std::jthread keeper_;
  std::jthread sender_;
};

}  // namespace mgmt
