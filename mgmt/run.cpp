#include "mgmt/run.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/live_pipeline.h"
#include "mgmt/live_start.h"
#include "mgmt/reload.h"
#include "mgmt/report_json.h"
#include "mgmt/report_text.h"
#include "mgmt/run_line.h"
#include "mgmt/standard_error.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

using Clock = std::chrono::steady_clock;

// SIGINT, SIGTERM and SIGHUP are taken one by one by the thread that asks for them. Made before the other
// threads, which inherit that they are blocked.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }

  // From here on they end the program, as they do any other; those that came before asked for what is done.
  ~Signals() {
    while (wait_for(std::chrono::nanoseconds(0)) > 0) {
    }
    pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Waits for one; 0 if none came.
  int wait_for(std::chrono::nanoseconds time) const {
    const std::timespec timeout = {static_cast<std::time_t>(time.count() / 1'000'000'000),
                                   static_cast<long>(time.count() % 1'000'000'000)};
    return std::max(sigtimedwait(&set_, nullptr, &timeout), 0);
  }

 private:
  sigset_t set_{};
};

std::uint64_t frames_lost_by(const LivePipeline& pipeline) {
  std::uint64_t lost = 0;
  for (const auto& port : pipeline.ports()) lost += port->counters().lost();
  return lost;
}

// What a second added, and whether the books are in order.
class Seconds {
 public:
  Seconds(const LivePipeline& pipeline, bool printing, const TextStyle& style)
      : pipeline_(pipeline), printing_(printing), style_(style) {}

  void take(const std::vector<LiveSecond>& seconds) {
    for (const LiveSecond& second : seconds) {
      if (!second.balanced()) complain(second);
      if (printing_) print(added_by(second));
      before_ = second.ledger;
    }
  }

  std::uint64_t unbalanced() const noexcept { return unbalanced_; }

 private:
  RunSecond added_by(const LiveSecond& second) {
    const dataplane::Ledger& now = second.ledger;
    const SecondCounts& counts = second.counts;
    RunSecond added;
    added.window = second.window;
    added.frames = now.frames - before_.frames;
    added.bytes = now.bytes - before_.bytes;
    added.queries = counts.queries;
    added.responses = counts.responses;
    added.syns = counts.syns;
    added.pairs = counts.pairs;
    added.clients = counts.clients;
    added.lost_frames = lost_since_last();
    added.lost_events = now.ring_full - before_.ring_full;
    return added;
  }

  std::uint64_t lost_since_last() {
    const std::uint64_t lost = frames_lost_by(pipeline_);
    return lost - std::exchange(lost_frames_, lost);
  }

  void print(const RunSecond& second) {
    constexpr unsigned kLinesUnderHeading = 20;
    if (lines_++ % kLinesUnderHeading == 0) tell(fmt::format("{}\n", run_heading(style_)));
    tell(fmt::format("{}\n", run_line(second)));
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

  const LivePipeline& pipeline_;
  const bool printing_;
  const TextStyle style_;
  dataplane::Ledger before_;
  std::uint64_t lost_frames_ = 0;
  std::uint64_t unbalanced_ = 0;
  unsigned lines_ = 0;
};

// Says when a port loses its link or gets it back.
class Links {
 public:
  explicit Links(const LivePipeline& pipeline) : pipeline_(pipeline) {
    for (const auto& port : pipeline.ports()) up_.push_back(port->facts().link_up);
  }

  void look() {
    for (std::size_t i = 0; i < up_.size(); ++i) {
      const dataplane::Port& port = *pipeline_.ports()[i];
      const bool up = port.link_up();
      if (up == up_[i]) continue;
      up_[i] = up;
      tell(fmt::format("tapline: port {}: link {}\n", printable(port.name(), kPathColumns, TextStyle{}),
                       up ? "up" : "DOWN"));
    }
  }

 private:
  const LivePipeline& pipeline_;
  std::vector<bool> up_;
};

// The configuration is read again; what is wrong with it, or cannot change while capturing, leaves all as it
// was.
void reload(LivePipeline& pipeline, const std::string& file, Config& running) {
  try {
    const Config wanted = read_config(file);
    const std::vector<std::string> keys = restart_needed_for(running, wanted);
    if (!keys.empty()) {
      tell(fmt::format("tapline: not reloaded: {} cannot change while capturing; restart to change it\n",
                       fmt::join(keys, ", ")));
      return;
    }
    running = wanted;
    pipeline.follow(worker_rules(running));
    tell(fmt::format("tapline: configuration reloaded\n"));
  } catch (const ConfigError& error) {
    tell(fmt::format("{}\ntapline: not reloaded\n", error.what()));
  }
}

void run_until_stopped(LivePipeline& pipeline, const Signals& signals, const RunOptions& options,
                       Seconds& seconds, Links& links) {
  constexpr std::chrono::milliseconds kBetweenLooks{100};
  const Clock::time_point start = Clock::now();
  const auto over = [&] {
    return options.length_ns && Clock::now() - start >= std::chrono::nanoseconds(*options.length_ns);
  };
  Config running = options.config;
  while (!pipeline.ended() && !over()) {
    const int number = signals.wait_for(kBetweenLooks);
    if (number == SIGINT || number == SIGTERM) return;
    if (number == SIGHUP) reload(pipeline, options.config_file, running);
    seconds.take(pipeline.poll());
    links.look();
  }
}

TextStyle style_for(int descriptor, const RunOptions& options) {
  return {locale_is_utf8(), options.color && shows_color(descriptor), options.top};
}

}  // namespace

int run_live(const RunOptions& options) {
  std::optional<Signals> signals(std::in_place);
  const LivePlan plan = live_plan(options.config, this_machine());
  LivePipeline pipeline(plan);
  for (const std::string& line : start_lines(plan, pipeline.ports()))
    tell(fmt::format("tapline: {}\n", line));

  Seconds seconds(pipeline, options.lines && is_terminal(STDERR_FILENO), style_for(STDERR_FILENO, options));
  Links links(pipeline);
  run_until_stopped(pipeline, *signals, options, seconds, links);
  seconds.take(pipeline.drain());
  signals.reset();  // Whoever reads the report may be slow, and the operator impatient.

  const aggregator::Summary summary = pipeline.summary();
  const std::string report = options.json
                                 ? report_json(summary)
                                 : report_text(summary, "tapline run", {}, style_for(STDOUT_FILENO, options));
  const bool written = write_standard_output(report);
  return written && seconds.unbalanced() == 0 ? kExitDone : kExitFailed;
}

}  // namespace mgmt
