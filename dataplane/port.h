// One port of the tap, opened through DPDK.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dataplane/eal.h"
#include "dataplane/port_counters.h"
#include "dataplane/port_settings.h"

struct rte_mempool;

namespace dataplane {

class NicFilter;
class PacketTime;

// What the port turned out to be.
struct PortFacts {
  std::string driver;  // DPDK's name of it: "net_ice"
  int numa_node = -1;  // -1: none
  unsigned queues = 0;
  unsigned rx_descriptors = 0;  // of each queue
  unsigned mempool = 0;         // packet buffers
  bool link_up = false;
  std::uint32_t link_mbps = 0;  // 0: unknown
  bool promiscuous = false;
  bool rss = false;            // the NIC spreads flows over the queues
  bool rss_symmetric = false;  // both directions of a flow go to one queue
  bool rss_inner = false;      // and those inside a tunnel by their inner addresses
  unsigned reta_entries = 0;   // of the redirection table, filled evenly; 0: the NIC did not let us
  bool checksum_offload = false;
  bool packet_type_offload = false;
  bool hardware_time = false;  // frames carry the time of the NIC, or of the kernel
  bool capture_file = false;   // nothing is lost by making it wait
  bool filters = false;        // the NIC drops what filter_rules.h lets it drop
  std::string cannot_filter;   // or why it does not, if it was asked to
  bool scatter = false;        // frames longer than a buffer are received in parts
};

// Opened and closed by one thread, which also asks for counters; its queues are read by their workers.
class Port {
 public:
  // Starts to receive. Throws std::runtime_error, in a sentence.
  Port(const PortSettings& settings, const Device& device);
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  const std::string& name() const noexcept { return name_; }  // as the operator gave it
  const PortFacts& facts() const noexcept { return facts_; }
  PortCounters counters() const;

  // Right now. Of a capture file and the like always.
  bool link_up() const;

  // Keeps the clocks with the system's; to be called about once a second.
  void steer_clock();

  // Suspends the NIC's filter, if there is one, or puts it in force again. If the NIC refuses that, all
  // frames are let through from then on, and facts() say so.
  void set_filtering(bool filtering);

  std::uint16_t id() const noexcept { return id_; }
  const PacketTime& packet_time() const noexcept { return *time_; }

  // The packet time of what comes just now; any thread.
  std::int64_t now_ns() const noexcept;

 private:
  void configure(const PortSettings& settings);
  void set_up_queues(const PortSettings& settings);
  void start();
  std::uint32_t link_mbps() const;
  void start_filter();
  void forget_what_came_before() noexcept;
  void close() noexcept;

  std::string name_;
  bool of_kernel_ = false;  // an interface that the kernel drives: it knows, DPDK makes something up
  std::uint16_t id_ = 0;
  PortFacts facts_;
  rte_mempool* buffers_ = nullptr;
  std::unique_ptr<PacketTime> time_;
  std::unique_ptr<NicFilter> filter_;
};

// Packet buffers for a port, if the operator does not say; and the bytes that these take.
std::uint64_t default_mempool(std::uint64_t queues, std::uint64_t rx_descriptors) noexcept;
std::uint64_t mempool_bytes(const PortSettings& settings, bool hugepages);

}  // namespace dataplane
