#include "dataplane/packet_time.h"

#include <chrono>
#include <thread>

#include <rte_cycles.h>
#include <rte_ethdev.h>

namespace dataplane {
namespace {

std::int64_t wall_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

PacketTime::PacketTime(std::uint16_t port, std::string_view driver, bool port_stamps, bool of_a_file)
    : port_(port),
      of_a_file_(of_a_file),
      tsc_clock_(rte_rdtsc(), wall_ns(), 1e9 / static_cast<double>(rte_get_tsc_hz())) {
  if (!port_stamps || rte_mbuf_dyn_rx_timestamp_register(&offset_, &flag_) != 0) return;
  if (driver == "net_pcap") {
    unit_ = Unit::kMicroseconds;
  } else {
    start_device_clock();
  }
}

std::int64_t PacketTime::now_ns() const noexcept {
  return tsc_clock_.time_ns(rte_rdtsc());
}

// The rate of the NIC's clock is what it makes of a twentieth of a second.
void PacketTime::start_device_clock() {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  const std::int64_t first_ns = wall_ns();
  if (rte_eth_read_clock(port_, &first) != 0) return;
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const std::int64_t second_ns = wall_ns();
  if (rte_eth_read_clock(port_, &second) != 0 || second <= first) return;
  device_clock_.emplace(second, second_ns,
                        static_cast<double>(second_ns - first_ns) / static_cast<double>(second - first));
  unit_ = Unit::kTicks;
}

void PacketTime::steer() {
  tsc_clock_.steer(rte_rdtsc(), wall_ns());
  std::uint64_t ticks = 0;
  if (device_clock_ && rte_eth_read_clock(port_, &ticks) == 0) device_clock_->steer(ticks, wall_ns());
}

}  // namespace dataplane
