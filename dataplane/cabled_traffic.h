// Generated frames sent from one port over a cable to another, which is captured.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include "dataplane/devices.h"
#include "dataplane/port.h"
#include "dataplane/traffic_frames.h"
#include "dataplane/traffic_source.h"

namespace dataplane {

// Opened and closed by one thread. A thread of its own sends.
class CabledTraffic : public TrafficSource {
 public:
  // Makes the frames and opens `sender`. Throws std::runtime_error, in a sentence.
  CabledTraffic(const TrafficSettings& settings, const PortSettings& sender, const Device& device);
  ~CabledTraffic() override;

  // Starts the thread, on `core` if that is given. `captured` is the other end of the cable; it must outlive
  // the sending.
  void attach(const Port& captured, std::optional<std::uint64_t> core);
  void detach() noexcept;

  void set_rate(double frames_per_s) noexcept override;
  TrafficCounters counters() const noexcept override;
  double mean_octets() const noexcept override { return frames_.mean_octets(); }

 private:
  void open(const PortSettings& sender, const Device& device);
  void close() noexcept;
  void send_until_stopped() noexcept;

  TrafficFrames frames_;
  std::uint16_t port_ = 0;
  rte_mempool* unused_ = nullptr;  // of an RX queue that some drivers must have
  const Port* captured_ = nullptr;
  std::atomic<double> frames_per_tick_{0};
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<bool> stop_{false};
  std::jthread thread_;
};

}  // namespace dataplane
