// What the operator says of one port of the tap.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace dataplane {

enum class PortDriver : std::uint8_t {
  kDpdk,      // a NIC that DPDK drives itself, or one of its virtual devices (net_memif0, net_ring0 ...)
  kAfXdp,     // a kernel interface through AF_XDP
  kAfPacket,  // a kernel interface through AF_PACKET
  kPcap,      // a capture file, or a kernel interface through libpcap
  kNull,      // frames from nowhere, to measure with
};
inline constexpr std::array<std::string_view, 5> kPortDriverNames = {"dpdk", "af_xdp", "af_packet", "pcap",
                                                                     "null"};

struct PortSettings {
  std::string name;  // PCI address, kernel name, capture file, or virtual device
  PortDriver driver = PortDriver::kDpdk;
  std::string devargs;               // handed to the DPDK driver as they are
  std::uint64_t queues = 0;          // 0: one for each core
  std::uint64_t rx_descriptors = 0;  // of each queue; 0: kDefaultRxDescriptors, or what the driver can
  std::uint64_t mempool = 0;         // packet buffers of the port; 0: sized from queues and descriptors
  bool nic_filter = false;           // the NIC drops what is of no interest, if it can
  bool operator==(const PortSettings&) const = default;
};

inline constexpr std::uint64_t kDefaultRxDescriptors = 4096;

}  // namespace dataplane
