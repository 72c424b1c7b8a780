// The ports as DPDK's devices.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dataplane/port_settings.h"

namespace dataplane {

// How DPDK knows the ports: a device argument for each, and the name that the device then has.
struct Device {
  std::string argument;  // "--vdev=net_pcap0,rx_pcap=..." or "--allow=0000:01:00.0"
  std::string name;      // "net_pcap0", "0000:01:00.0"
  bool is_virtual = false;
};

// In the order of `ports`. Throws std::runtime_error, in a sentence, for a name that cannot be resolved.
std::vector<Device> devices_of(std::span<const PortSettings> ports);

// A capture file that is read once.
bool ends_by_itself(const PortSettings& port);

}  // namespace dataplane
