#include "mgmt/api/live_sensor.h"

#include <algorithm>
#include <ctime>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "mgmt/history/past.h"
#include "mgmt/standard_error.h"
#include "mgmt/summary_json.h"

namespace mgmt {
namespace {

using aggregator::SensorField;

constexpr std::chrono::milliseconds kStateAge{900};
constexpr auto kEver = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - 1;

constexpr std::array<std::string_view, 3> kFindingStates = {"opened", "updated", "closed"};

Json second_json(const LiveSecond& second) {
  Json counts = Json::object();
  for (std::size_t i = 0; i < aggregator::kSensorFields; ++i)
    counts[std::string(aggregator::kSensorFieldNames[i])] = second.counts.of[i];
  return {{"second", second.window}, {"clients", second.clients}, {"counts", std::move(counts)}};
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Beside the history, if there is one.
std::unique_ptr<Acknowledgements> acknowledgements_in(const std::optional<HistoryPlace>& past) {
  if (!past) return std::make_unique<Acknowledgements>();
  auto acknowledgements = std::make_unique<Acknowledgements>(past->folder, next_finding(*past));
  if (!acknowledgements->trouble().empty())
    tell(fmt::format("tapline: acknowledgements: {}\n", acknowledgements->trouble()));
  return acknowledgements;
}

}  // namespace

LiveSensor::LiveSensor(LivePipeline& pipeline, const Config& config, std::function<Reload()> reload,
                       Spool* spool)
    : past_(history_place(config)),
      past_begin_(past_ ? past_begin(*past_) : std::nullopt),
      past_findings_(past_ ? past_findings(*past_) : std::vector<aggregator::Finding>()),
      acknowledgements_(acknowledgements_in(past_)),
      pipeline_(pipeline),
      reload_(std::move(reload)),
      spool_(spool),
      started_s_(std::time(nullptr)) {
  follow(config);
}

void LiveSensor::take(const std::vector<LiveSecond>& seconds, std::uint64_t unbalanced) {
  unbalanced_ = unbalanced;
  for (const LiveSecond& second : seconds) {
    second_ = second.window;
    last_ = second.counts;
    last_clients_ = second.clients;
    total_ += second.counts;
    if (second.counts[SensorField::kFrames] > 0) last_frame_ = Clock::now();
    const std::string line = line_of(second_json(second));
    if (hidden_pulse_ != nullptr) hidden_pulse_->publish("second", line);
    pulse_.publish("second", line);
  }
}

void LiveSensor::take(const std::vector<aggregator::FindingChange>& changes) {
  for (const aggregator::FindingChange& change : changes) {
    const auto tell = [&](Pulse& pulse, const aggregator::Finding& finding) {
      Json json = finding_json(finding);
      json["change"] = kFindingStates[static_cast<std::size_t>(change.state)];
      pulse.publish("finding", line_of(json));
    };
    tell(pulse_, change.finding);
    if (hidden_pulse_ != nullptr) tell(*hidden_pulse_, hide_(change.finding));
  }
}

void LiveSensor::also_tell(Pulse& pulse,
                           std::function<aggregator::Finding(const aggregator::Finding&)> hide) {
  hidden_pulse_ = &pulse;
  hide_ = std::move(hide);
}

void LiveSensor::end() {
  calls_.end();
  pulse_.end();
  if (hidden_pulse_ != nullptr) hidden_pulse_->end();
}

aggregator::SensorCounts LiveSensor::last_minute() const {
  constexpr std::uint64_t kMinute = 60;
  aggregator::SensorCounts sum;
  for (const aggregator::SensorPoint& point : pipeline_.sensor().points(aggregator::SeriesStep::kSecond)) {
    if (point.begin + kMinute > second_) sum += point.counts;
  }
  return sum;
}

SensorState LiveSensor::state_now() const {
  SensorState state;
  state.summary = pipeline_.summary();
  if (state.summary.live) {
    state.summary.live->event_logs = event_logs_;
    state.summary.live->fleet = fleet_;
    if (spool_ != nullptr) state.summary.live->spool = spool_->state();
  }
  state.earlier_findings = past_findings_;
  state.second = second_;
  state.last = last_;
  state.last_clients = last_clients_;
  state.minute = last_minute();
  state.total = total_;
  state.unbalanced_seconds = unbalanced_;
  state.capturing = capturing_;
  state.started_s = started_s_;
  state.taken_s = std::time(nullptr);
  state.silent_s = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - last_frame_).count();
  state.links_down = links_down_;
  if (const aggregator::HostAnalysis* hosts = pipeline_.hosts()) state.curves = hosts->series().hosts();
  state.privacy_until = privacy_until_;
  if (state.summary.ledger.frames > 0) {
    constexpr std::int64_t kNsPerSecond = 1'000'000'000;
    state.counted_since =
        static_cast<std::uint64_t>(std::max<std::int64_t>(state.summary.ledger.first_ns, 0) / kNsPerSecond);
  }
  if (past_begin_) state.counted_since = std::min(*past_begin_, state.counted_since.value_or(*past_begin_));
  state.config = config_;
  return state;
}

std::shared_ptr<const SensorState> LiveSensor::state() {
  const std::lock_guard lock(state_mutex_);
  if (state_ && Clock::now() - state_made_ < kStateAge) return state_;
  std::optional<SensorState> made = calls_([this] { return state_now(); });
  if (!made) return nullptr;
  state_ = std::make_shared<const SensorState>(std::move(*made));
  state_made_ = Clock::now();
  return state_;
}

void LiveSensor::note_change() {
  const std::lock_guard lock(state_mutex_);
  state_ = nullptr;
}

std::optional<Sensor::Reload> LiveSensor::turn_spool(bool on) {
  return calls_([&]() -> Reload {
    if (spool_ == nullptr)
      return {false, "the configuration has no [spool]: add it and restart to keep frames"};
    if (!capturing_) return {false, "the capture has ended"};
    if (spool_->on() == on) return {true, on ? "frames are kept already" : "no frames are kept anyway"};
    spool_->turn(on);
    return {true, on ? "frames are kept from now on" : "no frames are kept from now on"};
  });
}

template <class Point, class Read>
std::vector<Point> LiveSensor::with_past(const CurveAsked& asked, const std::vector<Point>& now,
                                         Read read) const {
  const std::uint64_t last = now.empty() ? kEver : now.front().begin;
  if (!past_ || asked.from >= last) return now;
  return continued(read(PastAsked{*past_, asked.step, asked.from, last}), now);
}

std::optional<std::vector<aggregator::SensorPoint>> LiveSensor::sensor_points(const CurveAsked& asked) {
  const auto now = calls_([&] { return pipeline_.sensor().points(asked.step); });
  if (!now) return std::nullopt;
  return with_past(asked, *now, past_sensor_points);
}

std::optional<std::vector<aggregator::SeriesPoint>> LiveSensor::host_points(const wire::Address& host,
                                                                            const CurveAsked& asked) {
  using Points = std::optional<std::vector<aggregator::SeriesPoint>>;
  const std::optional<Points> now = calls_([&]() -> Points {
    const aggregator::HostAnalysis* hosts = pipeline_.hosts();
    const aggregator::HostSeries* series = hosts == nullptr ? nullptr : hosts->series().find(host);
    return series == nullptr ? Points() : series->points(asked.step);
  });
  if (!now) return std::nullopt;
  auto points = with_past(asked, now->value_or(std::vector<aggregator::SeriesPoint>()),
                          [&](const PastAsked& past) { return past_host_points(past, wire::to_text(host)); });
  return *now || !points.empty() ? Points(std::move(points)) : std::nullopt;
}

std::optional<std::vector<aggregator::MailPoint>> LiveSensor::mail_points(const wire::Address& server,
                                                                          const CurveAsked& asked) {
  using Points = std::optional<std::vector<aggregator::MailPoint>>;
  const std::optional<Points> now = calls_([&]() -> Points {
    const aggregator::HostAnalysis* hosts = pipeline_.hosts();
    const aggregator::MailSeries* series = hosts == nullptr ? nullptr : hosts->mail().series(server);
    return series == nullptr ? Points() : series->points(asked.step);
  });
  if (!now) return std::nullopt;
  auto points =
      with_past(asked, now->value_or(std::vector<aggregator::MailPoint>()),
                [&](const PastAsked& past) { return past_mail_points(past, wire::to_text(server)); });
  return *now || !points.empty() ? Points(std::move(points)) : std::nullopt;
}

std::vector<HistoryGap> LiveSensor::gaps(std::uint64_t from) {
  return past_ ? past_gaps(*past_, from) : std::vector<HistoryGap>();
}

}  // namespace mgmt
