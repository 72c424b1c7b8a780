// All detectors, fed step by step.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/detectors/answers_without_connections.h"
#include "aggregator/detectors/backscatter.h"
#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/connections_without_resolution.h"
#include "aggregator/detectors/deferred_mail.h"
#include "aggregator/detectors/dominant_smtp_client.h"
#include "aggregator/detectors/finding_book.h"
#include "aggregator/detectors/host_habits.h"
#include "aggregator/detectors/host_table.h"
#include "aggregator/detectors/mail_efficiency.h"
#include "aggregator/detectors/mail_regression.h"
#include "aggregator/detectors/mass_mailer.h"
#include "aggregator/detectors/nxdomain_burst.h"
#include "aggregator/detectors/ptr_flood.h"
#include "aggregator/detectors/query_flood.h"
#include "aggregator/detectors/smtp_flood.h"
#include "aggregator/detectors/user_unknown_flood.h"
#include "aggregator/host_step.h"
#include "aggregator/summary.h"

namespace aggregator {

// What they gave up for want of room.
struct DetectorLosses {
  std::uint64_t hosts_evicted = 0;     // baselines of hosts, and hosts that were looked at closely
  std::uint64_t findings_dropped = 0;  // the oldest closed ones
  std::uint64_t findings_refused = 0;  // steps in which one would have been opened
  std::uint64_t withheld = 0;          // steps in which one rested on what the loss could explain
};

// One thread. Memory is bounded by the settings.
class Detectors {
 public:
  explicit Detectors(const DetectorSettings& settings);

  // To go on from what an earlier run has learned, if its settings were the same and the first step is the
  // one of its end, or comes after it and within a week. Before observe().
  void resume(Baselines baselines) { earlier_ = std::move(baselines); }
  // Known with the first step: what was learned earlier does not hold.
  bool earlier_refused() const noexcept { return earlier_refused_; }
  // There is nothing in them before the first step.
  bool has_baselines() const noexcept { return first_begin_ns_.has_value(); }
  Baselines baselines();

  // In the order of time; a step that is not newer than the one before is passed over. Steps that are missing
  // had no events.
  void observe(const HostStep& step);

  std::vector<Finding> findings() const { return book_.findings(); }
  std::vector<FindingChange> take_changes() { return book_.take_changes(); }
  DetectorLosses losses() const noexcept;

  // Internal hosts, by address.
  std::vector<UnjudgeableRow> not_judgeable() const;

  // A gap in it so long that nothing before is in a window any more begins it anew: nobody looked meanwhile.
  bool learning() const noexcept { return number_ + 1 < steps_.learn; }

 private:
  std::int64_t forgotten_after() const noexcept { return steps_.window + steps_.quiet + steps_.reopen; }
  void begin(const HostStep& step);
  void carry(Baselines& baselines, BaselineCarrier::Way way);
  void resume_hosts(const Baselines& baselines);
  void fill_gap(std::int64_t number);
  void observe(const HostStep& step, std::int64_t number);
  void find_habits(const HostStep& step, std::int64_t number);
  void find_logs(std::vector<ServerStep>& servers, std::int64_t number);

  DetectorSettings settings_;
  StepCounts steps_;
  std::optional<Baselines> earlier_;
  bool earlier_refused_ = false;
  std::optional<std::int64_t> first_begin_ns_;  // step 0; of an earlier run if its baselines are gone on from
  std::int64_t first_number_ = 0;               // of this run
  std::int64_t number_ = -1;
  struct Log {                          // of each mail server
    std::optional<std::int64_t> began;  // the step
    bool queries = false;               // of the query log too
  };
  std::vector<Log> logs_;

  HostTable<HostHabits> habits_;
  std::vector<HostHabits*> habits_of_step_;
  FindingBook book_;
  Backscatter backscatter_;
  MassMailer mass_mailer_;
  ConnectionsWithoutResolution connections_without_resolution_;
  AnswersWithoutConnections answers_without_connections_;
  QueryFlood query_flood_;
  PtrFlood ptr_flood_;
  NxdomainBurst nxdomain_burst_;
  SmtpFlood smtp_flood_;
  MailRegression mail_regression_;
  MailEfficiency mail_efficiency_;
  DominantSmtpClient dominant_smtp_client_;
  DeferredMail deferred_mail_;
  UserUnknownFlood user_unknown_flood_;
};

}  // namespace aggregator
