// What all workers together had done when a window ended.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "dataplane/ledger.h"
#include "dataplane/live_worker.h"

namespace mgmt {

// One thread. Workers report when they cross into a window, and each in its own time.
class RunLedger {
 public:
  explicit RunLedger(std::size_t workers) : reports_(workers) {}

  void add(std::size_t worker, const dataplane::WorkerReport& report) {
    constexpr std::size_t kMostKept = 256;  // if the shards do not follow for minutes
    if (reports_[worker].size() == kMostKept) reports_[worker].pop_front();
    reports_[worker].push_back(report);
  }

  struct Sum {
    dataplane::Ledger ledger;
    dataplane::WorkerEffort effort;
    bool exact = true;  // false: a worker's report got lost, and the one nearest in time stands in for it
  };

  // Over all workers, what they did before `window`; each window at least as late as the one asked for
  // before.
  Sum before(std::uint64_t window);

  // The newest report of each worker taken into account so far.
  const dataplane::WorkerReport& latest(std::size_t worker) const { return reports_[worker].front(); }

 private:
  std::vector<std::deque<dataplane::WorkerReport>> reports_;
};

}  // namespace mgmt
