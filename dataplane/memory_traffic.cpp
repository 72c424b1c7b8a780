#include "dataplane/memory_traffic.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <rte_cycles.h>
#include <rte_ethdev.h>

#include "dataplane/event.h"

namespace dataplane {
namespace {

// One thread counts, any thread reads.
class Count {
 public:
  void operator+=(std::uint64_t more) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_release);
  }
  std::uint64_t read() const noexcept { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace

// Belongs to the thread that polls the RX queue, but for the rate and the counters.
class alignas(kCacheLine) MemoryTraffic::Queue {
 public:
  explicit Queue(const TrafficSettings& settings) : frames_(settings) {}

  void attach(const Port& port, unsigned queue) {
    port_ = port.id();
    queue_ = static_cast<std::uint16_t>(queue);
    descriptors_ = port.facts().rx_descriptors;
    last_tick_ = rte_rdtsc();
    callback_ = rte_eth_add_rx_callback(port_, queue_, receive, this);
    if (callback_ == nullptr) throw std::runtime_error("DPDK was built without RX callbacks.");
  }
  void detach() noexcept {
    if (callback_ != nullptr) rte_eth_remove_rx_callback(port_, queue_, callback_);
    callback_ = nullptr;
  }

  void set_rate(double frames_per_s) noexcept {
    changed_tick_.store(rte_rdtsc(), std::memory_order_relaxed);
    frames_per_tick_.store(frames_per_s / static_cast<double>(rte_get_tsc_hz()), std::memory_order_release);
  }

  void add_to(TrafficCounters& sum) const noexcept {
    // The queue counts what it offered first: read last, it is never behind the others.
    sum.received += received_.read();
    sum.missed += missed_.read();
    sum.no_buffer += no_buffer_.read();
    sum.offered += offered_.read();
    sum.source_ns += static_cast<std::uint64_t>(static_cast<double>(ticks_.read()) * 1e9 /
                                                static_cast<double>(rte_get_tsc_hz()));
  }

  double mean_octets() const noexcept { return frames_.mean_octets(); }

 private:
  static std::uint16_t receive(std::uint16_t, std::uint16_t, rte_mbuf** buffers, std::uint16_t already,
                               std::uint16_t most, void* queue) {
    const std::span<rte_mbuf*> room(buffers + already, static_cast<std::size_t>(most - already));
    return static_cast<std::uint16_t>(already + static_cast<Queue*>(queue)->fill(room));
  }

  std::size_t fill(std::span<rte_mbuf*> room) noexcept {
    const std::uint64_t now = rte_rdtsc();
    arrive(now, room.size());
    const std::size_t count = std::min<std::uint64_t>(waiting_, room.size());
    waiting_ -= count;
    if (count == 0) return 0;
    if (!frames_.take(room.first(count))) {
      no_buffer_ += count;
      return 0;
    }
    received_ += count;
    ticks_ += rte_rdtsc() - now;
    return count;
  }

  // What has come since the last look: until the rate was changed at the old one.
  void arrive(std::uint64_t now, std::size_t room) noexcept {
    const double rate = frames_per_tick_.load(std::memory_order_acquire);
    if (rate != rate_) {
      const std::uint64_t changed = changed_tick_.load(std::memory_order_relaxed);
      arrive_at(rate_, std::clamp(changed, last_tick_, now), room);
      rate_ = rate;
    }
    arrive_at(rate_, now, room);
  }

  void arrive_at(double rate, std::uint64_t until, std::size_t room) noexcept {
    const std::uint64_t ticks = until - std::exchange(last_tick_, until);
    if (rate == 0) return;
    std::uint64_t arrived = room - std::min<std::uint64_t>(waiting_, room);
    if (!std::isinf(rate)) {
      fraction_ += static_cast<double>(ticks) * rate;
      arrived = static_cast<std::uint64_t>(fraction_);
      fraction_ -= static_cast<double>(arrived);
    }
    if (arrived == 0) return;
    offered_ += arrived;
    waiting_ += arrived;
    if (waiting_ > descriptors_) {
      missed_ += waiting_ - descriptors_;
      waiting_ = descriptors_;
    }
  }

  TrafficFrames frames_;
  std::uint16_t port_ = 0;
  std::uint16_t queue_ = 0;
  const rte_eth_rxtx_callback* callback_ = nullptr;
  std::uint64_t descriptors_ = 0;
  std::uint64_t last_tick_ = 0;
  std::uint64_t waiting_ = 0;  // arrived, in a descriptor
  double fraction_ = 0;        // of the frame that is arriving
  double rate_ = 0;            // frames per tick, since last_tick_
  Count offered_;
  Count received_;
  Count missed_;
  Count no_buffer_;
  Count ticks_;
  alignas(kCacheLine) std::atomic<double> frames_per_tick_{0};
  std::atomic<std::uint64_t> changed_tick_{0};
};

MemoryTraffic::MemoryTraffic(const TrafficSettings& settings, unsigned queues) {
  for (unsigned queue = 0; queue < queues; ++queue) {
    TrafficSettings of_queue = settings;
    of_queue.seed += queue;
    queues_.push_back(std::make_unique<Queue>(of_queue));
  }
}

MemoryTraffic::~MemoryTraffic() {
  detach();
}

void MemoryTraffic::attach(const Port& port) {
  for (unsigned queue = 0; queue < queues_.size(); ++queue) queues_[queue]->attach(port, queue);
}

void MemoryTraffic::detach() noexcept {
  for (const auto& queue : queues_) queue->detach();
}

void MemoryTraffic::set_rate(double frames_per_s) noexcept {
  for (const auto& queue : queues_) queue->set_rate(frames_per_s / static_cast<double>(queues_.size()));
}

TrafficCounters MemoryTraffic::counters() const noexcept {
  TrafficCounters sum;
  for (const auto& queue : queues_) queue->add_to(sum);
  return sum;
}

double MemoryTraffic::mean_octets() const noexcept {
  double sum = 0;
  for (const auto& queue : queues_) sum += queue->mean_octets();
  return sum / static_cast<double>(queues_.size());
}

PortSettings memory_port_settings(unsigned number, unsigned queues) {
  PortSettings settings;
  settings.name = "net_null" + std::to_string(number);
  settings.devargs = "no-rx=1";
  settings.queues = queues;
  settings.mempool = 1 << 10;  // The frames have pools of their own.
  return settings;
}

}  // namespace dataplane
