// One client or many: where a flood comes from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aggregator/detector_settings.h"
#include "aggregator/detectors/finding_book.h"
#include "aggregator/detectors/time_blocks.h"
#include "aggregator/detectors/top_shares.h"
#include "aggregator/distinct.h"

namespace aggregator {

// The clients of a server over the window. One thread.
class Source {
 public:
  using Counts = std::vector<std::pair<wire::Address, std::uint64_t>>;

  Source(const DetectorSettings& settings, const StepCounts& steps);

  void add(std::int64_t step, Counts counts);

  // The client that alone makes most of it, if one does.
  std::optional<wire::Address> one_client() const;
  void add_to(Evidence& evidence) const;

 private:
  struct Count {
    std::uint64_t sum = 0;
    Count& operator+=(const Count& other) noexcept {
      sum += other.sum;
      return *this;
    }
  };

  double one_client_share_;
  TimeBlocks<Distinct<10>> clients_;
  TimeBlocks<Count> total_;
  TopShares<wire::Address> top_;
};

}  // namespace aggregator
