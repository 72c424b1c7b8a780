// Reads logs as one stream in time order and sends what they say where a worker sends what it sees.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dataplane/log_events.h"
#include "dataplane/log_input.h"
#include "dataplane/packet_windows.h"

namespace dataplane {

// What could not be read of one log. All lines before it were delivered.
struct LogError {
  std::string path;
  std::string reason;
};

// One thread; borrows the outlet and the rules. `worker` is the number of its scanner.
class LogWorker {
 public:
  LogWorker(const std::vector<LogFile>& files, Outlet& outlet, const WorkerRules& rules, std::size_t worker,
            std::atomic<std::uint64_t>& consumed);

  // Some facts, in the order of time; of equally old ones that of the log named first. Each log's times never
  // go back: a fact that is older than the one before stands behind it. False once there are no more.
  bool poll_once();

  const Ledger& ledger() const noexcept { return ledger_; }
  const LogLedger& log_ledger() const noexcept { return log_ledger_; }
  const std::vector<LogError>& errors() const noexcept { return errors_; }

 private:
  static constexpr std::size_t kFactsOfPoll = 64;

  struct Waiting {
    std::unique_ptr<LogInput> input;
    std::int64_t time_ns = 0;  // of its fact, or of the one before if that was later
    std::size_t place = 0;
  };

  bool read_on(Waiting& waiting);
  void send(const LogInput& input, std::int64_t time_ns);

  Outlet& outlet_;
  Ledger ledger_;
  LogLedger log_ledger_;
  LogFacts facts_;
  LogEvents events_;
  std::vector<Waiting> queue_;  // a heap: in front the one whose fact goes first
  std::vector<LogError> errors_;
  std::uint64_t reached_ = 0;
};

}  // namespace dataplane
