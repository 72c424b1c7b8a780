#include "mgmt/run_ledger.h"

namespace mgmt {

// A worker passes over seconds in which it saw nothing: its first report of a window no earlier says what it
// had done.
RunLedger::Sum RunLedger::before(std::uint64_t window) {
  Sum sum;
  for (std::deque<dataplane::WorkerReport>& reports : reports_) {
    while (reports.size() > 1 && reports.front().window < window) reports.pop_front();
    const bool covered =
        !reports.empty() && reports.front().last_window < window && window <= reports.front().window;
    sum.exact = sum.exact && covered;
    if (reports.empty()) continue;
    sum.ledger += reports.front().ledger;
    sum.effort += reports.front().effort;
  }
  return sum;
}

}  // namespace mgmt
