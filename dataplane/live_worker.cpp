#include "dataplane/live_worker.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <rte_cycles.h>

#include "dataplane/port_queue.h"
#include "dataplane/report_queue.h"
#include "dataplane/worker.h"

namespace dataplane {

class LiveWorker::Polling : private PortQueue::OnWindow {
 public:
  Polling(const Port& port, unsigned queue, Outlet& outlet, const ObserverSettings& settings,
          CurrentRules& rules, std::size_t reader, const std::atomic<bool>& stop, const FrameTaps& taps)
      : queue_(port, queue, stop, *this),
        worker_(queue_, outlet, settings, reader, taps),
        rules_(rules),
        reader_(reader) {}

  void run() noexcept {
    for (bool more = true; more;) {
      const std::uint64_t frames = worker_.ledger().frames;
      follow_rules();
      const std::uint64_t start = rte_rdtsc();
      more = worker_.poll_once();
      if (worker_.ledger().frames != frames) count_poll(rte_rdtsc() - start);
    }
    rules_.leave(reader_);
  }

  std::optional<WorkerReport> next_report() noexcept { return reports_.pop(); }

  WorkerReport report_before(std::uint64_t window) const noexcept {
    WorkerReport report = {
        .window = window, .last_window = queue_.window(), .ledger = worker_.ledger(), .effort = {}};
    queue_.count_into(report.ledger);
    report.effort = {
        .busy_ns = nanoseconds(busy_ticks_), .polls = polls_, .longest_poll_ns = nanoseconds(longest_poll_)};
    return report;
  }

 private:
  void window_begins(std::uint64_t window) noexcept override { reports_.push(report_before(window)); }

  void follow_rules() noexcept {
    const WorkerRules& rules = rules_.read(reader_);
    if (rules.version == rules_version_) return;
    rules_version_ = rules.version;
    worker_.follow(rules);
  }

  void count_poll(std::uint64_t ticks) noexcept {
    busy_ticks_ += ticks;
    ++polls_;
    longest_poll_ = std::max(longest_poll_, ticks);
  }

  std::uint64_t nanoseconds(std::uint64_t ticks) const noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(ticks) * ns_per_tick_);
  }

  const double ns_per_tick_ = 1e9 / static_cast<double>(rte_get_tsc_hz());
  PortQueue queue_;
  Worker<PortQueue> worker_;
  CurrentRules& rules_;
  const std::size_t reader_;
  std::uint64_t rules_version_ = 0;
  std::uint64_t busy_ticks_ = 0;
  std::uint64_t polls_ = 0;
  std::uint64_t longest_poll_ = 0;
  ReportQueue<WorkerReport, 8> reports_;
};

LiveWorker::LiveWorker(const Port& port, unsigned queue, Outlet& outlet, const ObserverSettings& settings,
                       CurrentRules& rules, std::size_t reader, const std::atomic<bool>& stop,
                       const FrameTaps& taps)
    : polling_(std::make_unique<Polling>(port, queue, outlet, settings, rules, reader, stop, taps)) {}

LiveWorker::~LiveWorker() = default;

void LiveWorker::run() noexcept {
  polling_->run();
}

std::optional<WorkerReport> LiveWorker::next_report() noexcept {
  return polling_->next_report();
}

WorkerReport LiveWorker::final_report() const {
  return polling_->report_before(kFinished);
}

bool WaitWhenFull::make_room(EventRing&) {
  std::this_thread::sleep_for(std::chrono::microseconds(20));
  return true;
}

}  // namespace dataplane
