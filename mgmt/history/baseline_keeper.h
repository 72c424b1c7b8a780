// What the detectors have learned is written each ten minutes, beside the capture.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <string>

#include "aggregator/detectors.h"
#include "mgmt/history/place.h"

namespace mgmt {

// Of the control thread, which waits for the disk only in finish().
class BaselineKeeper {
 public:
  using Say = std::function<void(const std::string&)>;

  BaselineKeeper(HistoryPlace place, Say say) : place_(std::move(place)), say_(std::move(say)) {}

  // At a second of packet time. While what was learned before is still being written it is left out. What an
  // earlier run had learned and does not hold is kept beside it, as baselines.json.before.
  void take(std::uint64_t second, aggregator::Detectors& detectors);

  // At the end of the run; nothing is written if it saw nothing.
  void finish(aggregator::Detectors& detectors);

 private:
  // "" if all went well, else why not.
  static std::string written(const HistoryPlace& place, const aggregator::Baselines& baselines);
  void tell(const std::string& trouble);
  void save_refused(const aggregator::Detectors& detectors);

  HistoryPlace place_;
  Say say_;
  std::uint64_t period_ = 0;  // of ten minutes; 0: none was seen
  bool failing_ = false;
  bool saved_ = false;  // what was refused
  std::future<std::string> writing_;
};

}  // namespace mgmt
