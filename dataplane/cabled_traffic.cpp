#include "dataplane/cabled_traffic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include "dataplane/burst.h"
#include "dataplane/pinned_thread.h"

namespace dataplane {
namespace {

constexpr std::uint16_t kDescriptors = 1024;
constexpr unsigned kUnusedBuffers = 2 * kDescriptors;
// A sender that falls behind is not to catch up in one gush: that would be another rate.
constexpr double kLargestGush = 4.0 * kBurstFrames;

double still_due(double due, std::uint64_t ticks, double frames_per_tick) noexcept {
  if (frames_per_tick == 0) return 0;
  if (std::isinf(frames_per_tick)) return kLargestGush;
  return std::min(due + static_cast<double>(ticks) * frames_per_tick, kLargestGush);
}

void check(const std::string& port, const char* what, int error) {
  if (error == 0) return;
  throw std::runtime_error("port '" + port + "': " + what + ": " + rte_strerror(error < 0 ? -error : error) +
                           " (" + last_words_of_dpdk() + ")");
}

}  // namespace

CabledTraffic::CabledTraffic(const TrafficSettings& settings, const PortSettings& sender,
                             const Device& device)
    : frames_(settings) {
  open(sender, device);
}

CabledTraffic::~CabledTraffic() {
  detach();
  close();
}

void CabledTraffic::open(const PortSettings& sender, const Device& device) {
  const std::string& name = sender.name;
  check(name, "DPDK does not see it", rte_eth_dev_get_port_by_name(device.name.c_str(), &port_));
  try {
    const rte_eth_conf conf{};
    check(name, "the driver refuses to send", rte_eth_dev_configure(port_, 1, 1, &conf));
    std::uint16_t rx = kDescriptors;
    std::uint16_t tx = kDescriptors;
    rte_eth_dev_adjust_nb_rx_tx_desc(port_, &rx, &tx);
    unused_ = rte_pktmbuf_pool_create("tapline_unused", kUnusedBuffers, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
                                      static_cast<int>(SOCKET_ID_ANY));
    if (unused_ == nullptr) check(name, "no memory for packet buffers", rte_errno);
    const auto node = static_cast<unsigned>(SOCKET_ID_ANY);
    check(name, "the RX queue cannot be set up",
          rte_eth_rx_queue_setup(port_, 0, rx, node, nullptr, unused_));
    check(name, "the TX queue cannot be set up", rte_eth_tx_queue_setup(port_, 0, tx, node, nullptr));
    check(name, "the port does not start", rte_eth_dev_start(port_));
  } catch (...) {
    close();
    throw;
  }
}

// Frames that wait to be sent go back to their pool.
void CabledTraffic::close() noexcept {
  rte_eth_dev_stop(port_);
  rte_eth_dev_close(port_);
  rte_mempool_free(unused_);
}

void CabledTraffic::attach(const Port& captured, std::optional<std::uint64_t> core) {
  captured_ = &captured;
  thread_ = pinned_thread("sender", core, [this] { send_until_stopped(); });
}

void CabledTraffic::detach() noexcept {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void CabledTraffic::set_rate(double frames_per_s) noexcept {
  frames_per_tick_.store(frames_per_s / static_cast<double>(rte_get_tsc_hz()), std::memory_order_relaxed);
}

void CabledTraffic::send_until_stopped() noexcept {
  std::array<rte_mbuf*, kBurstFrames> burst{};
  std::size_t taken = 0;
  std::size_t sent = 0;
  double due = 0;
  for (std::uint64_t last = rte_rdtsc(); !stop_.load(std::memory_order_relaxed);) {
    const std::uint64_t now = rte_rdtsc();
    due = still_due(due, now - std::exchange(last, now), frames_per_tick_.load(std::memory_order_relaxed));
    if (sent == taken) {
      sent = 0;
      taken = std::min(static_cast<std::size_t>(due), burst.size());
      if (taken > 0 && !frames_.take(std::span(burst).first(taken))) taken = 0;
      due -= static_cast<double>(taken);
    }
    if (taken == 0) {
      rte_eth_tx_done_cleanup(port_, 0, 0);  // So that buffers come back; not every driver needs it.
      continue;
    }
    const std::uint16_t more =
        rte_eth_tx_burst(port_, 0, &burst[sent], static_cast<std::uint16_t>(taken - sent));
    sent += more;
    sent_.store(sent_.load(std::memory_order_relaxed) + more, std::memory_order_release);
  }
  rte_pktmbuf_free_bulk(&burst[sent], static_cast<unsigned>(taken - sent));
}

// What neither arrived nor was lost in a place that has a counter was lost on the way, or is there still.
TrafficCounters CabledTraffic::counters() const noexcept {
  const PortCounters port = captured_->counters();
  TrafficCounters counters;
  counters.offered = sent_.load(std::memory_order_acquire);
  counters.received = port.received;
  counters.missed = port.missed;
  counters.no_buffer = port.no_buffer;
  const std::uint64_t known = port.received + port.missed + port.no_buffer;
  counters.elsewhere = counters.offered - std::min(counters.offered, known);
  return counters;
}

}  // namespace dataplane
