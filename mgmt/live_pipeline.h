// Ports and syslog through workers and shards until stopped: the whole house, live.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "aggregator/host_analysis.h"
#include "aggregator/run_total.h"
#include "aggregator/sensor_counts.h"
#include "aggregator/summary.h"
#include "aggregator/window_merge.h"
#include "aggregator/windowed_shard.h"
#include "dataplane/eal.h"
#include "dataplane/event_ring.h"
#include "dataplane/frame_tap.h"
#include "dataplane/live_worker.h"
#include "dataplane/port.h"
#include "dataplane/syslog_listener.h"
#include "mgmt/filter_proof.h"
#include "mgmt/interface_lock.h"
#include "mgmt/live_plan.h"
#include "mgmt/run_ledger.h"

namespace mgmt {

// A second of packet time that all workers and shards are through with; also one without an event.
struct LiveSecond {
  std::uint64_t window = 0;          // since 1970
  dataplane::Ledger ledger;          // since the start
  std::uint64_t events_drained = 0;  // since the start
  aggregator::SensorCounts counts;   // in it
  std::uint64_t clients = 0;         // that asked, were answered or connected in it
  bool exact = true;                 // the ledger ends where the second does

  // Every frame has its verdict, and every event made was observed or lost to a full ring.
  bool balanced() const noexcept {
    return ledger.frames == ledger.sum_of_verdicts() && (!exact || ledger.events_pushed() == events_drained);
  }
};

// Since the start.
struct LiveTotal {
  dataplane::Ledger ledger;
  dataplane::WorkerEffort effort;  // of all workers together
  std::uint64_t events_drained = 0;
  bool exact = true;

  bool balanced() const noexcept {
    return ledger.frames == ledger.sum_of_verdicts() && (!exact || ledger.events_pushed() == events_drained);
  }
};

// One thread controls; workers, shards and DPDK are its own. Throws std::runtime_error, in a sentence, from
// the constructor only.
class LivePipeline {
 public:
  explicit LivePipeline(const LivePlan& plan);
  // DPDK runs already, and its `devices` are those of the plan's ports.
  LivePipeline(const LivePlan& plan, std::span<const dataplane::Device> devices);
  ~LivePipeline();
  LivePipeline(const LivePipeline&) = delete;
  LivePipeline& operator=(const LivePipeline&) = delete;

  std::span<const std::unique_ptr<dataplane::Port>> ports() const noexcept { return ports_; }

  // Those that go by rules: the workers, and who listens for syslog.
  std::size_t writers() const noexcept { return plan_.writers(); }

  // Workers go by these from their next burst on; `version` is set here. No frame waits and none is lost.
  void follow(dataplane::WorkerRules rules);

  // What has been completed since the last call. Call it at least once a second.
  std::vector<LiveSecond> poll();

  // All workers and shards are through with all seconds before this one, those without an event too.
  std::uint64_t complete_before() const { return windows_.complete_before(); }

  // What was done before the second `window`, which must be complete and poll()ed, and at least as late as
  // the one asked for before.
  LiveTotal total_before(std::uint64_t window);

  // All ports were capture files, and these are at their ends.
  bool ended() const { return complete_before() == dataplane::kFinished; }

  // Reads what the queues still hold, ends all threads, and completes the last second. Once.
  std::vector<LiveSecond> drain();

  // Since the start.
  aggregator::Summary summary() const;

  // By the second and longer.
  const aggregator::SensorSeries& sensor() const noexcept { return sensor_; }

  // Of a worker each, for one thread to drain; none if the plan has none. They live as long as this.
  std::vector<dataplane::FrameTap*> spool_taps() const;
  std::vector<dataplane::FrameTap*> dns_taps() const;

  // What the workers were made with.
  const dataplane::ObserverSettings& observer() const noexcept { return plan_.observer; }

  // In force; null if there are none.
  std::shared_ptr<const matchers::PatternDatabase> patterns() const;

  // Null if no host is counted one by one.
  aggregator::HostAnalysis* hosts() noexcept { return hosts_ ? &*hosts_ : nullptr; }

 private:
  struct WorkerThread;
  struct SyslogThread;
  struct ShardThread;

  enum class Dpdk {
    kStart,
    kRuns
  };
  LivePipeline(const LivePlan& plan, const std::vector<dataplane::Device>& devices, Dpdk dpdk);

  void open_ports(std::span<const dataplane::Device> devices);
  dataplane::FrameTaps make_taps();
  void make_workers();
  void make_syslog();
  std::vector<dataplane::EventRing*> make_rings();
  void make_shards();
  void start_threads();
  void stop_threads() noexcept;
  void collect_reports();
  void add(const dataplane::SyslogReport& report);
  void steer_ports();
  bool filters() const noexcept;
  LiveSecond second_of(aggregator::ClosedWindow&& window);
  LiveSecond second_ended(std::uint64_t window, const aggregator::SensorCounts& counts, bool exact);
  std::vector<LiveSecond> seconds_of(std::vector<aggregator::ClosedWindow>&& windows);
  // `exact`: nothing of theirs may be with a later second.
  void pass_quiet_seconds(std::uint64_t until, std::vector<LiveSecond>& seconds, bool exact);

  const LivePlan plan_;
  std::vector<InterfaceLock> locks_;  // from before DPDK sees the ports until after
  std::unique_ptr<dataplane::Eal> eal_;
  std::vector<std::unique_ptr<dataplane::Port>> ports_;
  std::atomic<bool> stop_{false};
  dataplane::CurrentRules rules_;
  std::uint64_t rules_version_ = 1;
  std::shared_ptr<const dataplane::PatternScanners> patterns_;  // of the newest rules
  // Of writer w to shard s: w * shards + s.
  std::vector<std::unique_ptr<dataplane::EventRing>> rings_;
  aggregator::WindowMerge windows_;
  std::vector<std::unique_ptr<dataplane::FrameTap>> spool_taps_;
  std::vector<std::unique_ptr<dataplane::FrameTap>> dns_taps_;
  std::vector<std::unique_ptr<WorkerThread>> workers_;
  std::unique_ptr<SyslogThread> syslog_;  // null: nobody listens
  std::vector<std::unique_ptr<ShardThread>> shards_;
  std::vector<std::jthread> threads_;

  RunLedger run_ledger_;
  dataplane::SyslogReport syslog_report_;  // the newest
  aggregator::RunTotal total_;
  FilterProof filter_proof_;
  std::optional<aggregator::HostAnalysis> hosts_;
  aggregator::SensorSeries sensor_;
  std::uint64_t lost_frames_ = 0;  // by the NICs
  std::uint64_t without_resolution_ = 0;
  aggregator::SecondQuality quality_;  // of the seconds that the hosts' analysis has not seen yet
  std::uint64_t next_window_ = 0;
  dataplane::Ledger ledger_;
  std::uint64_t events_drained_ = 0;
  std::uint64_t started_ns_ = 0;
};

}  // namespace mgmt
