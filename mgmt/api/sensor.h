// What the API knows of the sensor behind it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/host_series.h"
#include "aggregator/mail_series.h"
#include "aggregator/sensor_counts.h"
#include "aggregator/summary.h"
#include "mgmt/api/acknowledgements.h"
#include "mgmt/config.h"
#include "mgmt/history/record.h"

namespace mgmt {

// One moment of the sensor. Immutable.
struct SensorState {
  aggregator::Summary summary;                        // since the start
  std::vector<aggregator::Finding> earlier_findings;  // of earlier runs, in the order opened; all ended
  std::uint64_t second = 0;             // of packet time, since 1970: the newest that is complete; 0: none is
  aggregator::SensorCounts last;        // in it
  std::uint64_t last_clients = 0;       // that asked, were answered or connected in it
  aggregator::SensorCounts minute;      // in the 60 that end with it
  aggregator::SensorCounts total;       // of all complete seconds
  std::int64_t silent_s = 0;            // wall clock, since the last frame came
  std::vector<std::string> links_down;  // ports
  std::uint64_t unbalanced_seconds = 0;  // whose ledger did not balance: a defect
  std::int64_t started_s = 0;            // wall clock, since 1970
  std::int64_t taken_s = 0;              // likewise
  bool capturing = true;                 // false: the capture has ended and its result is shown
  bool hides = false;                    // addresses and names are hidden ones
  std::optional<std::chrono::year_month_day> privacy_until;  // when the key that hides them is to be replaced
  std::vector<wire::Address> curves;                         // of which hosts curves are kept, by address
  std::optional<std::uint64_t>
      counted_since;                     // packet time, since 1970: where curves begin; none: nothing came
  std::shared_ptr<const Config> config;  // in force
};

// Of curves: steps of which none before `from`, in seconds since 1970, is needed.
struct CurveAsked {
  aggregator::SeriesStep step = aggregator::SeriesStep::kMinute;
  std::uint64_t from = 0;
};

// Any thread. What returns nothing does so because the sensor is ending.
class Sensor {
 public:
  virtual ~Sensor() = default;

  // At most a second old while it captures; null: it is ending.
  virtual std::shared_ptr<const SensorState> state() = 0;

  // Also of earlier runs, as far as the history reaches; so do those below.
  virtual std::optional<std::vector<aggregator::SensorPoint>> sensor_points(const CurveAsked& asked) = 0;

  // None of a host of which no curves are kept.
  virtual std::optional<std::vector<aggregator::SeriesPoint>> host_points(const wire::Address& host,
                                                                          const CurveAsked& asked) = 0;

  // None of a server whose logs said nothing. `server` is its first address.
  virtual std::optional<std::vector<aggregator::MailPoint>> mail_points(const wire::Address& server,
                                                                        const CurveAsked& asked) = 0;

  // When nothing was counted since `from`, since no run was there to do so.
  virtual std::vector<HistoryGap> gaps(std::uint64_t from) = 0;

  // Of findings, by their numbers.
  virtual Acknowledgements& acknowledgements() = 0;

  // Something of the sensor was changed: a state of before is not handed out any more.
  virtual void note_change() = 0;

  // Reads the configuration again. The sentence says what came of it.
  struct Reload {
    bool done = false;
    std::string sentence;
  };
  virtual std::optional<Reload> reload() = 0;

  // Whether frames are kept from now on. `done` is false if they cannot be.
  virtual std::optional<Reload> turn_spool(bool on) = 0;
};

}  // namespace mgmt
