#include "dataplane/port.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mempool.h>

#include "dataplane/af_packet_slot.h"
#include "dataplane/devices.h"
#include "dataplane/kernel_interface.h"
#include "dataplane/nic_filter.h"
#include "dataplane/packet_time.h"
#include "dataplane/port_queue.h"
#include "dataplane/port_spread.h"

namespace dataplane {
namespace {

constexpr unsigned kPoolCache = 256;
constexpr std::uint32_t kLargestMtu = 9600;
constexpr std::uint64_t kWantedOffloads =
    RTE_ETH_RX_OFFLOAD_TIMESTAMP | RTE_ETH_RX_OFFLOAD_CHECKSUM | RTE_ETH_RX_OFFLOAD_SCATTER;

[[noreturn]] void fail(const std::string& port, const std::string& what, int error) {
  throw std::runtime_error("port '" + port + "': " + what + ": " + rte_strerror(error < 0 ? -error : error) +
                           " (" + last_words_of_dpdk() + ")");
}

std::uint16_t find_port(const std::string& name, const Device& device) {
  std::uint16_t id = 0;
  if (const int error = rte_eth_dev_get_port_by_name(device.name.c_str(), &id); error != 0) {
    fail(name,
         device.is_virtual ? "DPDK did not make the device " + device.name
                           : "DPDK does not see the NIC at " + device.name + "; is it bound to vfio-pci?",
         error);
  }
  return id;
}

rte_eth_dev_info info_of(const std::string& name, std::uint16_t id) {
  rte_eth_dev_info info{};
  if (const int error = rte_eth_dev_info_get(id, &info); error != 0)
    fail(name, "the driver does not say what it is", error);
  return info;
}

// A frame of the kernel arrives whole in one buffer; a NIC's may be in parts.
std::uint16_t buffer_bytes(const PortSettings& settings) {
  const std::uint64_t room =
      settings.driver == PortDriver::kAfPacket ? af_packet_slot_bytes(settings.name) : 0;
  return static_cast<std::uint16_t>(
      std::max<std::uint64_t>(room + RTE_PKTMBUF_HEADROOM, RTE_MBUF_DEFAULT_BUF_SIZE));
}

std::uint64_t buffers_of(const PortSettings& settings) {
  return settings.mempool != 0 ? settings.mempool : default_mempool(settings.queues, settings.rx_descriptors);
}

}  // namespace

std::uint64_t default_mempool(std::uint64_t queues, std::uint64_t rx_descriptors) noexcept {
  const std::uint64_t descriptors = rx_descriptors == 0 ? kDefaultRxDescriptors : rx_descriptors;
  return queues * (descriptors + 2 * kPoolCache + 4 * kBurstFrames) + 1023;
}

// Without huge pages no buffer may lie across the end of a page.
std::uint64_t mempool_bytes(const PortSettings& settings, bool hugepages) {
  constexpr std::uint64_t kPage = 4096;
  const std::uint64_t buffer = buffer_bytes(settings) + sizeof(rte_mbuf) + 2 * RTE_CACHE_LINE_SIZE;
  if (hugepages) return buffers_of(settings) * buffer;
  const std::uint64_t in_a_page = std::max<std::uint64_t>(kPage / buffer, 1);
  const std::uint64_t pages = (buffer + kPage - 1) / kPage;
  return (buffers_of(settings) + in_a_page - 1) / in_a_page * pages * kPage;
}

Port::Port(const PortSettings& settings, const Device& device)
    : name_(settings.name),
      of_kernel_(settings.driver != PortDriver::kDpdk && kernel_interface(settings.name).exists),
      id_(find_port(settings.name, device)) {
  try {
    configure(settings);
    set_up_queues(settings);
    start();
    if (settings.nic_filter) start_filter();
  } catch (...) {
    close();
    throw;
  }
}

Port::~Port() {
  close();
}

void Port::configure(const PortSettings& settings) {
  const rte_eth_dev_info info = info_of(name_, id_);
  facts_.driver = info.driver_name;
  facts_.numa_node = rte_eth_dev_socket_id(id_);
  facts_.queues = static_cast<unsigned>(settings.queues);
  facts_.capture_file = ends_by_itself(settings);
  if (facts_.queues > info.max_rx_queues) {
    throw std::runtime_error("port '" + name_ + "': " + std::to_string(facts_.queues) +
                             " queues were asked for, " + facts_.driver + " has " +
                             std::to_string(info.max_rx_queues));
  }
  rte_eth_conf conf{};
  conf.rxmode.offloads = info.rx_offload_capa & kWantedOffloads;
  ask_for_rss(info, facts_.queues, conf, facts_);
  const auto queues = static_cast<std::uint16_t>(facts_.queues);
  // Nothing is ever sent, but some drivers pair their queues.
  const bool pairs = facts_.driver == "net_memif" || facts_.driver == "net_af_xdp";
  const int error = rte_eth_dev_configure(id_, queues, pairs ? queues : 0, &conf);
  if (error != 0) fail(name_, "the driver refuses the configuration", error);
  facts_.checksum_offload = (conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_CHECKSUM) != 0;
  facts_.scatter = (conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0;
  facts_.hardware_time = (conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_TIMESTAMP) != 0;
  facts_.packet_type_offload = rte_eth_dev_get_supported_ptypes(id_, RTE_PTYPE_L4_MASK, nullptr, 0) > 0;
}

void Port::set_up_queues(const PortSettings& settings) {
  const rte_eth_dev_info info = info_of(name_, id_);
  std::uint16_t descriptors = static_cast<std::uint16_t>(
      settings.rx_descriptors == 0 ? kDefaultRxDescriptors : settings.rx_descriptors);
  std::uint16_t unused_tx = 64;
  rte_eth_dev_adjust_nb_rx_tx_desc(id_, &descriptors, &unused_tx);
  const int node = facts_.numa_node < 0 ? static_cast<int>(SOCKET_ID_ANY) : facts_.numa_node;
  const auto buffers = static_cast<unsigned>(buffers_of(settings));
  const std::string pool = "tapline_" + std::to_string(id_);
  buffers_ = rte_pktmbuf_pool_create(pool.c_str(), buffers, kPoolCache, 0, buffer_bytes(settings), node);
  if (buffers_ == nullptr) {
    fail(name_,
         "no memory for " + std::to_string(buffers) +
             " packet buffers; set a smaller mempool or more huge pages",
         rte_errno);
  }
  rte_eth_rxconf rx = info.default_rxconf;
  for (std::uint16_t queue = 0; queue < static_cast<std::uint16_t>(facts_.queues); ++queue) {
    const int error =
        rte_eth_rx_queue_setup(id_, queue, descriptors, static_cast<unsigned>(node), &rx, buffers_);
    if (error != 0) fail(name_, "RX queue " + std::to_string(queue) + " cannot be set up", error);
  }
  for (std::uint16_t queue = 0; queue < info_of(name_, id_).nb_tx_queues; ++queue) {
    const int error = rte_eth_tx_queue_setup(id_, queue, unused_tx, static_cast<unsigned>(node), nullptr);
    if (error != 0) fail(name_, "TX queue " + std::to_string(queue) + " cannot be set up", error);
  }
  facts_.rx_descriptors = descriptors;
  facts_.mempool = buffers;
}

void Port::start() {
  const rte_eth_dev_info info = info_of(name_, id_);
  if (facts_.scatter)
    rte_eth_dev_set_mtu(id_, static_cast<std::uint16_t>(std::min<std::uint32_t>(info.max_mtu, kLargestMtu)));
  time_ = std::make_unique<PacketTime>(
      id_, facts_.driver, facts_.hardware_time || facts_.driver == "net_pcap", facts_.capture_file);
  rte_eth_promiscuous_enable(id_);
  rte_eth_allmulticast_enable(id_);
  facts_.promiscuous = rte_eth_promiscuous_get(id_) == 1;
  if (const int error = rte_eth_dev_start(id_); error != 0) fail(name_, "the port does not start", error);
  facts_.hardware_time = time_->stamped();
  if (facts_.driver == "net_af_packet") forget_what_came_before();
  fill_reta_evenly(id_, info, facts_.queues, facts_);
  facts_.link_up = link_up();
  facts_.link_mbps = link_mbps();
}

bool Port::link_up() const {
  if (of_kernel_) return kernel_interface(name_).up;
  rte_eth_link link{};
  return rte_eth_link_get_nowait(id_, &link) != 0 || link.link_status == RTE_ETH_LINK_UP;
}

std::uint32_t Port::link_mbps() const {
  if (of_kernel_) return kernel_interface(name_).mbps;
  rte_eth_link link{};
  const bool known = !facts_.capture_file && rte_eth_link_get_nowait(id_, &link) == 0 &&
                     link.link_speed != RTE_ETH_SPEED_NUM_UNKNOWN;
  return known ? link.link_speed : 0;
}

// Until the last of its sockets has joined the others, each gets all frames: what came so early would be
// counted twice.
void Port::forget_what_came_before() noexcept {
  std::array<rte_mbuf*, kBurstFrames> buffers{};
  for (std::uint16_t queue = 0; queue < static_cast<std::uint16_t>(facts_.queues); ++queue) {
    for (unsigned left = 2 * facts_.rx_descriptors; left > 0;) {
      const std::uint16_t count = rte_eth_rx_burst(id_, queue, buffers.data(), kBurstFrames);
      if (count == 0) break;
      rte_pktmbuf_free_bulk(buffers.data(), count);
      left -= std::min<unsigned>(left, count);
    }
  }
  rte_eth_stats_reset(id_);
}

void Port::start_filter() {
  filter_ = std::make_unique<NicFilter>(id_, facts_.queues);
  facts_.filters = filter_->able();
  facts_.cannot_filter = filter_->why_not();
  if (!facts_.filters) filter_.reset();
}

void Port::set_filtering(bool filtering) {
  if (!filter_ || filter_->dropping() == filtering || filter_->set_dropping(filtering)) return;
  facts_.filters = false;
  facts_.cannot_filter = filter_->why_not();
  filter_.reset();
}

void Port::close() noexcept {
  filter_.reset();
  rte_eth_dev_stop(id_);
  rte_eth_dev_close(id_);
  rte_mempool_free(buffers_);
}

PortCounters Port::counters() const {
  rte_eth_stats stats{};
  rte_eth_stats_get(id_, &stats);
  PortCounters counters = {.received = stats.ipackets,
                           .missed = stats.imissed,
                           .errors = stats.ierrors,
                           .no_buffer = stats.rx_nombuf,
                           .missed_known = facts_.driver != "net_af_packet",
                           .missed_by_queue = {}};
  const unsigned counted = std::min<unsigned>(facts_.queues, RTE_ETHDEV_QUEUE_STAT_CNTRS);
  const bool by_queue =
      std::any_of(stats.q_errors, stats.q_errors + counted, [](std::uint64_t n) { return n != 0; });
  if (by_queue) counters.missed_by_queue.assign(stats.q_errors, stats.q_errors + counted);
  return counters;
}

std::int64_t Port::now_ns() const noexcept {
  return time_->now_ns();
}

void Port::steer_clock() {
  time_->steer();
}

}  // namespace dataplane
