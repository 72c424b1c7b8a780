#include "dataplane/devices.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <stdexcept>

#include "dataplane/af_packet_slot.h"
#include "dataplane/capture_reader.h"
#include "dataplane/kernel_interface.h"

namespace dataplane {
namespace {

namespace fs = std::filesystem;

const fs::path kInterfaces = "/sys/class/net";

bool is_pci_address(const std::string& name) {
  static const std::regex kAddress("([0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]");
  return std::regex_match(name, kAddress);
}

void require_interface(const std::string& name) {
  const KernelInterface interface = kernel_interface(name);
  if (!interface.exists) {
    throw std::runtime_error("port '" + name + "': there is no such network interface. See: ip link");
  }
  if (!interface.ethernet) {
    throw std::runtime_error(
        "port '" + name +
        "': its frames are no Ethernet, but DPDK would read them as such. Capture with tcpdump "
        "and use 'tapline replay'.");
  }
}

// DPDK separates the arguments of a device by commas.
void require_no_comma(const std::string& name) {
  if (name.find(',') == std::string::npos) return;
  throw std::runtime_error("port '" + name + "': a name with a comma cannot be handed to DPDK");
}

std::string af_packet_arguments(const PortSettings& port) {
  constexpr std::uint64_t kBlock = 1 << 16;
  constexpr std::uint64_t kRingBytes = 16 << 20;
  const std::uint64_t slot = af_packet_slot_bytes(port.name);
  const std::uint64_t in_block = kBlock / slot;
  const std::uint64_t wanted = port.rx_descriptors == 0 ? kDefaultRxDescriptors : port.rx_descriptors;
  const std::uint64_t slots =
      std::max(std::min(wanted, kRingBytes / slot) / in_block, std::uint64_t{1}) * in_block;
  return ",iface=" + port.name + ",qpairs=" + std::to_string(port.queues) +
         ",blocksz=" + std::to_string(kBlock) + ",framesz=" + std::to_string(slot) +
         ",framecnt=" + std::to_string(slots);
}

bool is_capture_file(const PortSettings& port) {
  return port.driver == PortDriver::kPcap && fs::is_regular_file(port.name);
}

// By its first frame.
void require_ethernet(const std::string& capture) {
  CaptureReader reader({capture});
  const std::span<const wire::Frame> burst = reader.receive();
  if (burst.empty() || burst[0].link == wire::LinkType::kEthernet) return;
  throw std::runtime_error(
      "port '" + capture +
      "': its frames are no Ethernet, but DPDK would read them as such. Use 'tapline replay'.");
}

std::string pcap_arguments(const PortSettings& port) {
  if (is_capture_file(port)) {
    require_ethernet(port.name);
    return ",rx_pcap=" + port.name;
  }
  if (!kernel_interface(port.name).exists) {
    throw std::runtime_error("port '" + port.name + "': there is no such capture file or network interface");
  }
  require_interface(port.name);
  return ",rx_iface_in=" + port.name;
}

Device virtual_device(const std::string& name, const PortSettings& port, const std::string& arguments) {
  const std::string extra = port.devargs.empty() ? "" : "," + port.devargs;
  return {"--vdev=" + name + arguments + extra, name, true};
}

std::string pci_address_of(const std::string& name) {
  if (is_pci_address(name)) return name.size() < 12 ? "0000:" + name : name;
  require_interface(name);
  std::string address = fs::weakly_canonical(kInterfaces / name / "device").filename().string();
  if (is_pci_address(address)) return address;
  throw std::runtime_error(
      "port '" + name +
      "': this interface is no PCI device, so DPDK cannot drive it. Set driver = \"af_packet\".");
}

Device dpdk_device(const PortSettings& port) {
  if (port.name.starts_with("net_")) return virtual_device(port.name, port, "");
  const std::string address = pci_address_of(port.name);
  const std::string extra = port.devargs.empty() ? "" : "," + port.devargs;
  return {"--allow=" + address + extra, address, false};
}

Device device_of(const PortSettings& port, std::size_t index) {
  const std::string number = std::to_string(index);
  require_no_comma(port.name);
  switch (port.driver) {
    case PortDriver::kAfPacket:
      require_interface(port.name);
      return virtual_device("net_af_packet" + number, port, af_packet_arguments(port));
    case PortDriver::kAfXdp:
      require_interface(port.name);
      return virtual_device(
          "net_af_xdp" + number, port,
          ",iface=" + port.name + ",start_queue=0,queue_count=" + std::to_string(port.queues));
    case PortDriver::kPcap:
      return virtual_device("net_pcap" + number, port, pcap_arguments(port));
    case PortDriver::kNull:
      return virtual_device("net_null" + number, port, "");
    case PortDriver::kDpdk:
      break;
  }
  return dpdk_device(port);
}

}  // namespace

std::vector<Device> devices_of(std::span<const PortSettings> ports) {
  std::vector<Device> devices;
  for (const PortSettings& port : ports) devices.push_back(device_of(port, devices.size()));
  return devices;
}

bool ends_by_itself(const PortSettings& port) {
  return is_capture_file(port) && port.devargs.find("infinite_rx") == std::string::npos;
}

}  // namespace dataplane
