// All event logs of a capture: makes records of what happens and hands them to those that want them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mgmt/bounded_telling.h"
#include "mgmt/eve/dns_log.h"
#include "mgmt/eve/event_log_settings.h"
#include "mgmt/eve/event_output.h"
#include "mgmt/eve/event_record.h"
#include "mgmt/eve/standing_alerts.h"
#include "mgmt/live_pipeline.h"
#include "mgmt/privacy/disguise.h"

namespace mgmt {

// Of the control thread, which it never makes wait until end().
class EventLog {
 public:
  // `live` says what the ports have counted so far, `disguise` makes what hides who it was, for a thread
  // each. `dns` are the workers' taps, borrowed. Throws std::runtime_error, in a sentence.
  EventLog(const std::vector<EventLogSettings>& settings, std::function<aggregator::LiveLedger()> live,
           const std::function<Disguise()>& disguise, const DnsFrames& dns);

  void take(const std::vector<LiveSecond>& seconds);
  void take(const std::vector<aggregator::FindingChange>& changes);
  void reopen();

  // Says which of them are too slow, at most once a minute.
  void tell_losses(BoundedTelling& say);

  // In the order of the configuration.
  std::vector<aggregator::LiveEventLog> states() const;

  // Nothing more will come, the workers have ended. Waits some seconds at most for what is still to be
  // written. Can be called again.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  struct Log {
    EventLogSettings settings;
    std::unique_ptr<EventOutput> output;
    std::optional<StatsSpan> span;  // since its last stats
    Clock::time_point told;
    std::uint64_t lost_told = 0;
  };

  std::unique_ptr<DnsLog> dns_log(const DnsFrames& frames, Disguise disguise) const;
  void take(const LiveSecond& second, Log& log);
  void write_stats(Log& log);

  const std::string host_;
  const std::function<aggregator::LiveLedger()> live_;
  const Disguise disguise_;
  const Clock::time_point started_ = Clock::now();
  std::vector<Log> logs_;
  std::unique_ptr<DnsLog> dns_log_;  // null: no log wants single messages
  StandingAlerts alerts_;
  std::uint64_t second_ = 0;  // the newest of packet time; 0: none yet
  // At its end.
  dataplane::Ledger ledger_;
  std::uint64_t events_drained_ = 0;
};

}  // namespace mgmt
