#include "aggregator/detectors/scan_attempts.h"

#include <algorithm>
#include <functional>

namespace aggregator {

void ScanAttempts::add(std::int64_t step, const wire::Address& destination, std::uint16_t port,
                       std::uint64_t packets) {
  const Attempt attempt = {step, destination, packets, port};
  if (attempts_.size() < kCapacity) {
    attempts_.push_back(attempt);
  } else {
    attempts_[next_] = attempt;
  }
  next_ = (next_ + 1) % kCapacity;
}

ScanPattern ScanAttempts::pattern(std::int64_t first_step) const {
  std::vector<Attempt> recent;
  recent.reserve(attempts_.size());
  for (const Attempt& attempt : attempts_) {
    if (attempt.step >= first_step) recent.push_back(attempt);
  }
  ScanPattern pattern;
  std::vector<std::size_t> by_port;

  std::ranges::sort(recent, [](const Attempt& a, const Attempt& b) {
    return a.port != b.port ? a.port < b.port : a.destination < b.destination;
  });
  for (std::size_t first = 0, end = 0; first < recent.size(); first = end) {
    std::size_t addresses = 0;
    std::uint64_t packets = 0;
    for (; end < recent.size() && recent[end].port == recent[first].port; ++end) {
      addresses += end == first || recent[end].destination != recent[end - 1].destination;
      packets += recent[end].packets;
    }
    by_port.push_back(addresses);
    if (addresses <= pattern.addresses) continue;
    pattern.addresses = addresses;
    pattern.packets = packets;
    pattern.port = recent[first].port;
  }

  std::ranges::sort(recent, [](const Attempt& a, const Attempt& b) {
    return a.destination != b.destination ? a.destination < b.destination : a.port < b.port;
  });
  for (std::size_t first = 0, end = 0; first < recent.size(); first = end) {
    std::size_t ports = 0;
    for (; end < recent.size() && recent[end].destination == recent[first].destination; ++end) {
      ports += end == first || recent[end].port != recent[end - 1].port;
    }
    if (ports <= pattern.ports) continue;
    pattern.ports = ports;
    pattern.target = recent[first].destination;
  }

  std::ranges::sort(by_port, std::greater<>());
  std::size_t pairs = 0;
  std::size_t commonest = 0;
  for (std::size_t i = 0; i < by_port.size(); ++i) {
    pairs += by_port[i];
    if (i < 3) commonest += by_port[i];
  }
  if (pairs > 0) pattern.concentration = static_cast<double>(commonest) / static_cast<double>(pairs);
  return pattern;
}

}  // namespace aggregator
