// The newest connections of a host to addresses that nobody was told, and the pattern they make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wire/address.h"

namespace aggregator {

struct ScanPattern {
  std::uint16_t port = 0;     // with most addresses
  std::size_t addresses = 0;  // distinct, at that port
  std::uint64_t packets = 0;  // to that port
  wire::Address target;       // with most ports
  std::size_t ports = 0;      // distinct, at that address
  double concentration = 0;   // share of the three commonest ports in the distinct pairs of address and port
};

// Keeps the newest 256, which is more than any pattern takes. One thread.
class ScanAttempts {
 public:
  static constexpr std::size_t kCapacity = 256;

  void add(std::int64_t step, const wire::Address& destination, std::uint16_t port, std::uint64_t packets);
  ScanPattern pattern(std::int64_t first_step) const;  // of those since
  std::size_t size() const noexcept { return attempts_.size(); }

 private:
  struct Attempt {
    std::int64_t step;
    wire::Address destination;
    std::uint64_t packets;
    std::uint16_t port;
  };

  std::vector<Attempt> attempts_;  // a circle when full
  std::size_t next_ = 0;
};

}  // namespace aggregator
