#include "mgmt/history/baseline_keeper.h"

#include <chrono>
#include <utility>

#include "mgmt/history/baselines_file.h"
#include "mgmt/history/record.h"

namespace mgmt {
namespace {

constexpr std::uint64_t kBetween = 600;  // seconds

}  // namespace

std::string BaselineKeeper::written(const HistoryPlace& place, const aggregator::Baselines& baselines) {
  try {
    write_baselines(place, baselines);
    return {};
  } catch (const HistoryError& error) {
    return error.what();
  }
}

// Once, until it works again.
void BaselineKeeper::tell(const std::string& trouble) {
  if (!trouble.empty() && !failing_) say_("baselines: " + trouble + ". It is tried again in ten minutes");
  failing_ = !trouble.empty();
}

void BaselineKeeper::save_refused(const aggregator::Detectors& detectors) {
  if (saved_ || !detectors.earlier_refused()) return;
  saved_ = true;
  const std::string kept = put_baselines_aside(place_.folder);
  if (kept.empty()) return;
  say_(
      "baselines: what earlier runs learned does not hold: it is of another step or window, of more than a "
      "week "
      "ago or of a time to come. It is kept in " +
      kept + ", and what is usual is learned anew");
}

void BaselineKeeper::take(std::uint64_t second, aggregator::Detectors& detectors) {
  const std::uint64_t period = 1 + second / kBetween, before = std::exchange(period_, period);
  if (before == 0 || before == period || !detectors.has_baselines()) return;
  save_refused(detectors);
  if (writing_.valid()) {
    if (writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
    tell(writing_.get());
  }
  writing_ = std::async(std::launch::async, written, place_, detectors.baselines());
}

void BaselineKeeper::finish(aggregator::Detectors& detectors) {
  if (period_ == 0 || !detectors.has_baselines()) return;
  save_refused(detectors);
  if (writing_.valid()) tell(writing_.get());
  if (const std::string trouble = written(place_, detectors.baselines()); !trouble.empty())
    say_("baselines: " + trouble + ". The next run learns from where they were written last");
}

}  // namespace mgmt
