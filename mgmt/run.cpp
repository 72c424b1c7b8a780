#include "mgmt/run.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/analysis_settings.h"
#include "mgmt/api/api_doors.h"
#include "mgmt/api/live_sensor.h"
#include "mgmt/bounded_telling.h"
#include "mgmt/command_line.h"
#include "mgmt/control_signals.h"
#include "mgmt/eve/event_log.h"
#include "mgmt/finding_line.h"
#include "mgmt/fleet/feed.h"
#include "mgmt/history/baselines_file.h"
#include "mgmt/history/feed.h"
#include "mgmt/history/past.h"
#include "mgmt/live_pipeline.h"
#include "mgmt/live_start.h"
#include "mgmt/reload.h"
#include "mgmt/report_json.h"
#include "mgmt/report_text.h"
#include "mgmt/run_line.h"
#include "mgmt/service_notice.h"
#include "mgmt/spool/spool.h"
#include "mgmt/standard_error.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

using Clock = std::chrono::steady_clock;

// Tells of each second, and whether the books are in order.
class Seconds {
 public:
  Seconds(bool printing, const TextStyle& style) : printing_(printing), style_(style) {}

  void take(const std::vector<LiveSecond>& seconds) {
    for (const LiveSecond& second : seconds) {
      if (!second.balanced()) complain(second);
      if (printing_) print(second);
    }
  }

  std::uint64_t unbalanced() const noexcept { return unbalanced_; }

 private:
  void print(const LiveSecond& second) {
    constexpr unsigned kLinesUnderHeading = 20;
    if (lines_++ % kLinesUnderHeading == 0) tell(fmt::format("{}\n", run_heading(style_)));
    tell(fmt::format("{}\n", run_line(second.window, second.counts, second.clients)));
  }

  void complain(const LiveSecond& second) {
    if (unbalanced_++ > 0) return;
    tell(fmt::format(
        "tapline: the ledger does not balance at second {}: {} frames have {} verdicts, of {} events "
        "pushed {} "
        "were observed. This is a defect of tapline; please report it.\n",
        second.window, second.ledger.frames, second.ledger.sum_of_verdicts(), second.ledger.events_pushed(),
        second.events_drained));
  }

  const bool printing_;
  const TextStyle style_;
  std::uint64_t unbalanced_ = 0;
  unsigned lines_ = 0;
};

// Says when a port loses its link or gets it back.
class Links {
 public:
  Links(const LivePipeline& pipeline, BoundedTelling& say) : pipeline_(pipeline), say_(say) {
    for (const auto& port : pipeline.ports()) up_.push_back(port->facts().link_up);
  }

  void look() {
    for (std::size_t i = 0; i < up_.size(); ++i) {
      const dataplane::Port& port = *pipeline_.ports()[i];
      const bool up = port.link_up();
      if (up == up_[i]) continue;
      up_[i] = up;
      say_(fmt::format("port {}: link {}", printable(port.name(), kPathColumns, TextStyle{}),
                       up ? "up" : "DOWN"));
    }
  }

  std::vector<std::string> down() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < up_.size(); ++i) {
      if (!up_[i]) names.push_back(pipeline_.ports()[i]->name());
    }
    return names;
  }

 private:
  const LivePipeline& pipeline_;
  BoundedTelling& say_;
  std::vector<bool> up_;
};

// The configuration is read again; what is wrong with it, or cannot change while capturing, leaves all as it
// was.
Sensor::Reload reload(LivePipeline& pipeline, const std::string& file, Config& running) {
  try {
    const Config wanted = read_config(file);
    const std::vector<std::string> keys = restart_needed_for(running, wanted);
    if (!keys.empty()) {
      return {false, fmt::format("not reloaded: {} cannot change while capturing; restart to change it",
                                 fmt::join(keys, ", "))};
    }
    const dataplane::WorkerRules rules = worker_rules(wanted, pipeline.writers());
    pipeline.follow(rules);
    if (aggregator::HostAnalysis* hosts = pipeline.hosts())
      hosts->label_patterns(pattern_labels(rules.patterns.get()));
    running = wanted;
    return {true, "configuration reloaded"};
  } catch (const ConfigError& error) {
    return {false, fmt::format("{}\nnot reloaded", error.what())};
  }
}

// Whether the seconds of packet time go on ending, without which the watchdog is right to bark. Not so at the
// end of capture files.
class Progress {
 public:
  bool moving(std::uint64_t complete_before) {
    constexpr std::chrono::seconds kPatience{10};
    if (complete_before != before_) moved_ = Clock::now();
    before_ = complete_before;
    return Clock::now() - moved_ < kPatience;
  }

 private:
  std::uint64_t before_ = 0;
  Clock::time_point moved_ = Clock::now();
};

// Null: the spool keeps what was on the wire. Throws std::runtime_error.
std::unique_ptr<HiddenFrames> hidden_frames(const Config& config) {
  if (!config.privacy || !config.privacy->hides_from(Sink::kSpool)) return nullptr;
  return std::make_unique<HiddenFrames>(
      Hiding(read_privacy_key(config.privacy->key_file), suffixes_if_there()));
}

// Null without [spool].
std::unique_ptr<Spool> spool_of(const Config& config, const LivePipeline& pipeline) {
  if (!config.spool) return nullptr;
  return std::make_unique<Spool>(
      *config.spool, pipeline.spool_taps(),
      [](const std::string& line) { tell(fmt::format("tapline: {}\n", line)); }, pipeline.patterns(),
      hidden_frames(config));
}

DnsFrames dns_frames(const LivePipeline& pipeline) {
  return {pipeline.dns_taps(), pipeline.observer().fragments, pipeline.observer().streams};
}

// One capture: what it is steered by, and who is told of it. The control thread.
class Capture {
 public:
  // `history` and `spool` are null if nothing is kept, `fleet` if it belongs to none.
  Capture(const RunOptions& options, LivePipeline& pipeline, HistoryFeed* history, FleetFeed* fleet,
          Spool* spool)
      : options_(options),
        pipeline_(pipeline),
        history_(history),
        fleet_(fleet),
        spool_(spool),
        running_(options.config),
        seconds_(options.lines && is_terminal(STDERR_FILENO), style_for(STDERR_FILENO, options)),
        links_(pipeline, say_),
        events_(
            options.config.event_logs, [this] { return ports_now(); },
            [&options] { return Disguise(options.config, Sink::kEventLog); }, dns_frames(pipeline)),
        sensor_(
            pipeline, options.config, [this] { return reload_now(); }, spool),
        doors_(sensor_, options.config) {}
  ~Capture() { sensor_.end(); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  // Returns false if it was asked to stop, true if the capture came to its end.
  bool run_until_ended(const ControlSignals& signals) {
    const Clock::time_point start = Clock::now();
    const auto over = [&] {
      return options_.length_ns && Clock::now() - start >= std::chrono::nanoseconds(*options_.length_ns);
    };
    notice_.ready();
    while (!pipeline_.ended() && !over()) {
      if (!go_on(signals)) return false;
      notice_.alive(progress_.moving(pipeline_.complete_before()));
      take(pipeline_.poll());
      links_.look();
      sensor_.links_down(links_.down());
      events_.tell_losses(say_);
      sensor_.event_logs(events_.states());
      sensor_.fleet(fleet());
    }
    return true;
  }

  void drain() {
    if (!options_.stay) notice_.stopping();
    take(pipeline_.drain());
    if (history_ != nullptr) history_->finish(pipeline_.hosts());
    if (fleet_ != nullptr) fleet_->finish(pipeline_.hosts());
    events_.end();
    if (spool_ != nullptr) spool_->end();  // the only one that takes as long as it takes
    sensor_.event_logs(events_.states());
    sensor_.fleet(fleet());
    sensor_.capture_ended();
  }

  // The capture is over; questions are answered on.
  void stay(const ControlSignals& signals) {
    while (go_on(signals)) notice_.alive(true);
    notice_.stopping();
  }

  bool balanced() const noexcept { return seconds_.unbalanced() == 0; }

  std::vector<aggregator::LiveEventLog> event_logs() const { return events_.states(); }
  std::optional<aggregator::LiveFleet> fleet() const {
    return fleet_ == nullptr ? std::nullopt : std::optional(fleet_->state());
  }

 private:
  // False: asked to stop.
  bool go_on(const ControlSignals& signals) {
    constexpr std::chrono::milliseconds kBetweenLooks{100};
    const int number = signals.wait_for(kBetweenLooks, sensor_.calls().descriptor());
    if (number == SIGINT || number == SIGTERM) return false;
    if (number == SIGHUP) say_(reload_now().sentence);
    sensor_.calls().serve();
    return true;
  }

  void take(const std::vector<LiveSecond>& seconds) {
    seconds_.take(seconds);
    sensor_.take(seconds, seconds_.unbalanced());
    if (history_ != nullptr) history_->take(seconds, pipeline_.hosts());
    if (fleet_ != nullptr) fleet_->take(seconds, pipeline_.hosts());
    events_.take(seconds);
    aggregator::HostAnalysis* hosts = pipeline_.hosts();
    if (hosts == nullptr) return;
    const std::vector<aggregator::FindingChange> changes = hosts->detectors().take_changes();
    for (const aggregator::FindingChange& change : changes) {
      const std::string line = finding_line(change);
      if (!line.empty()) say_(line);
    }
    sensor_.take(changes);
    events_.take(changes);
    if (spool_ != nullptr) spool_->selection().take(changes);
  }

  aggregator::LiveLedger ports_now() const {
    aggregator::LiveLedger live;
    for (const auto& port : pipeline_.ports())
      live.ports.push_back({port->name(), port->facts().driver, port->counters()});
    return live;
  }

  Sensor::Reload reload_now() {
    notice_.reloading();
    events_.reopen();
    Sensor::Reload outcome = reload(pipeline_, options_.config_file, running_);
    if (outcome.done) sensor_.follow(running_);
    if (spool_ != nullptr) spool_->selection().follow(pipeline_.patterns());
    notice_.ready();
    return outcome;
  }

  static TextStyle style_for(int descriptor, const RunOptions& options) {
    return {locale_is_utf8(), options.color && shows_color(descriptor), options.top};
  }

  const RunOptions& options_;
  LivePipeline& pipeline_;
  HistoryFeed* history_;
  FleetFeed* fleet_;
  Spool* spool_;
  Config running_;
  BoundedTelling say_;
  ServiceNotice notice_;
  Progress progress_;
  Seconds seconds_;
  Links links_;
  EventLog events_;
  LiveSensor sensor_;
  ApiDoors doors_;
};

void resume_baselines(LivePipeline& pipeline, const HistoryPlace& past) {
  if (pipeline.hosts() == nullptr) return;
  try {
    if (auto learned = read_baselines(past)) pipeline.hosts()->detectors().resume(std::move(*learned));
  } catch (const HistoryError& error) {
    const std::string kept = put_baselines_aside(past.folder);
    tell(fmt::format("tapline: baselines: {}. {}What is usual is learned anew\n", error.what(),
                     kept.empty() ? "" : fmt::format("They are kept in {}. ", kept)));
  }
}

}  // namespace

int run_live(const RunOptions& options) {
  std::optional<ControlSignals> signals(std::in_place);
  LivePlan plan = live_plan(options.config, this_machine());
  const std::unique_ptr<HistoryFeed> history = history_feed(options.config);
  const std::optional<HistoryPlace> past = history_place(options.config);
  if (past && plan.hosts) plan.hosts->detectors.first_finding = next_finding(*past);
  const std::unique_ptr<FleetFeed> fleet = fleet_feed(options.config);
  LivePipeline pipeline(plan);
  if (past) resume_baselines(pipeline, *past);
  for (const std::string& line : start_lines(plan, pipeline.ports()))
    tell(fmt::format("tapline: {}\n", line));

  const std::unique_ptr<Spool> spool = spool_of(options.config, pipeline);
  std::optional<Capture> capture(std::in_place, options, pipeline, history.get(), fleet.get(), spool.get());
  const bool ended = capture->run_until_ended(*signals);
  capture->drain();
  if (options.stay && ended && pipeline.ended()) capture->stay(*signals);
  const bool balanced = capture->balanced();
  std::vector<aggregator::LiveEventLog> event_logs = capture->event_logs();
  std::optional<aggregator::LiveFleet> fleet_state = capture->fleet();
  capture.reset();
  signals.reset();  // Whoever reads the report may be slow, and the operator impatient.

  aggregator::Summary summary = pipeline.summary();
  summary.live->event_logs = std::move(event_logs);
  summary.live->fleet = std::move(fleet_state);
  if (spool) summary.live->spool = spool->state();
  const TextStyle style = {locale_is_utf8(), options.color && shows_color(STDOUT_FILENO), options.top};
  const std::string report =
      options.json ? report_json(summary) : report_text(summary, "tapline run", {}, style);
  const bool written = write_standard_output(report);
  return written && balanced ? kExitDone : kExitFailed;
}

}  // namespace mgmt
