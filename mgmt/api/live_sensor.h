// The live pipeline as the API sees it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "mgmt/api/pulse.h"
#include "mgmt/api/sensor.h"
#include "mgmt/history/place.h"
#include "mgmt/live_calls.h"
#include "mgmt/live_pipeline.h"
#include "mgmt/spool/spool.h"

namespace mgmt {

// Made, fed and ended by the control thread; everybody else asks through Sensor.
class LiveSensor final : public Sensor {
 public:
  // `reload` is called on the control thread. `spool` is null if no frames are kept.
  LiveSensor(LivePipeline& pipeline, const Config& config, std::function<Reload()> reload, Spool* spool);

  // Of poll(). `unbalanced` seconds there have been in all.
  void take(const std::vector<LiveSecond>& seconds, std::uint64_t unbalanced);
  void take(const std::vector<aggregator::FindingChange>& changes);
  void links_down(std::vector<std::string> ports) { links_down_ = std::move(ports); }
  void event_logs(std::vector<aggregator::LiveEventLog> logs) { event_logs_ = std::move(logs); }
  void fleet(std::optional<aggregator::LiveFleet> fleet) { fleet_ = std::move(fleet); }
  void follow(const Config& config) { config_ = std::make_shared<const Config>(config); }

  // Whoever listens there is told of findings as hide() has them.
  void also_tell(Pulse& pulse, std::function<aggregator::Finding(const aggregator::Finding&)> hide);
  void privacy_until(std::optional<std::chrono::year_month_day> date) { privacy_until_ = date; }
  void capture_ended() { capturing_ = false; }

  LiveCalls& calls() noexcept { return calls_; }
  Pulse& pulse() noexcept { return pulse_; }

  // From here on nobody asks the pipeline anything.
  void end();

  std::shared_ptr<const SensorState> state() override;
  std::optional<std::vector<aggregator::SensorPoint>> sensor_points(const CurveAsked& asked) override;
  std::optional<std::vector<aggregator::SeriesPoint>> host_points(const wire::Address& host,
                                                                  const CurveAsked& asked) override;
  std::optional<std::vector<aggregator::MailPoint>> mail_points(const wire::Address& server,
                                                                const CurveAsked& asked) override;
  std::vector<HistoryGap> gaps(std::uint64_t from) override;
  Acknowledgements& acknowledgements() override { return *acknowledgements_; }
  void note_change() override;
  std::optional<Reload> reload() override { return calls_(reload_); }
  std::optional<Reload> turn_spool(bool on) override;

 private:
  using Clock = std::chrono::steady_clock;

  SensorState state_now() const;
  aggregator::SensorCounts last_minute() const;
  template <class Point, class Read>
  std::vector<Point> with_past(const CurveAsked& asked, const std::vector<Point>& now, Read read) const;

  const std::optional<HistoryPlace> past_;  // the history, if one is kept
  const std::optional<std::uint64_t> past_begin_;
  const std::vector<aggregator::Finding> past_findings_;
  const std::unique_ptr<Acknowledgements> acknowledgements_;

  // Of the control thread.
  LivePipeline& pipeline_;
  std::shared_ptr<const Config> config_;
  std::function<Reload()> reload_;
  Spool* const spool_;
  std::uint64_t second_ = 0;
  aggregator::SensorCounts last_;
  std::uint64_t last_clients_ = 0;
  aggregator::SensorCounts total_;
  std::uint64_t unbalanced_ = 0;
  std::vector<std::string> links_down_;
  std::vector<aggregator::LiveEventLog> event_logs_;
  std::optional<aggregator::LiveFleet> fleet_;
  bool capturing_ = true;
  std::optional<std::chrono::year_month_day> privacy_until_;
  Pulse* hidden_pulse_ = nullptr;
  std::function<aggregator::Finding(const aggregator::Finding&)> hide_;
  std::int64_t started_s_;
  Clock::time_point last_frame_ = Clock::now();

  LiveCalls calls_;
  Pulse pulse_;

  // A state is made when somebody asks and the one there is too old, by whoever comes first.
  std::mutex state_mutex_;
  std::shared_ptr<const SensorState> state_;
  Clock::time_point state_made_;
};

}  // namespace mgmt
