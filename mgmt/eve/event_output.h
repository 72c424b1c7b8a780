// One event log: a queue, and a thread that writes what is in it and keeps trying.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "aggregator/summary.h"
#include "mgmt/bounded_telling.h"
#include "mgmt/eve/event_log_settings.h"
#include "mgmt/eve/event_writer.h"
#include "mgmt/eve/recent_losses.h"
#include "mgmt/eve/record_queue.h"

namespace mgmt {

// "file /var/log/tapline/eve.json", "syslog 10.1.0.9:6514 by TLS", "unix /run/collector.sock".
std::string event_log_name(const EventLogSettings& settings);

// Made and ended by the control thread. Fed by any, none of which it ever makes wait: what finds no room is
// lost and counted.
class EventOutput {
 public:
  using Clock = std::chrono::steady_clock;

  // Throws std::runtime_error, in a sentence, for what waiting does not mend: a file that cannot be written,
  // a list of certificates that cannot be read.
  EventOutput(const EventLogSettings& settings, const std::string& host);
  ~EventOutput();
  EventOutput(const EventOutput&) = delete;
  EventOutput& operator=(const EventOutput&) = delete;

  void offer(const SharedRecord& record);
  // So many lines were lost before they were made.
  void lose(std::uint64_t lines) { lost_ += lines; }
  void reopen();

  // Nothing more will come; what waits is still written.
  void end() { queue_.end(); }
  // After end(): waits for that until `deadline`; then the rest is lost and counted.
  void finish(Clock::time_point deadline);

  aggregator::LiveEventLog state();

 private:
  void run();
  void step();
  void well();
  void say_trouble(const std::string& reason);
  std::unique_ptr<EventWriter> writer_for(const EventLogSettings& settings, const std::string& host);

  const std::string name_;
  RecordQueue queue_;
  std::atomic<bool> give_up_{false};
  std::unique_ptr<EventWriter> writer_;  // its thread's, from run() on
  std::atomic<bool> reopen_{false};
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::mutex trouble_mutex_;
  std::string trouble_;
  RecentLosses recent_;  // the control thread's

  // The thread's.
  BoundedTelling say_;
  std::chrono::milliseconds pause_;
  Clock::time_point failed_;
  std::uint64_t lost_before_trouble_ = 0;

  std::promise<void> ended_;
  std::future<void> end_ = ended_.get_future();
  std::jthread thread_;
};

}  // namespace mgmt
