// Where the name of a port leads on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dataplane/port_settings.h"
#include "mgmt/host_files.h"

namespace mgmt {

struct PortPlace {
  std::string pci;                   // "0000:01:00.0", present; "" if the port is not on PCI
  std::string interface;             // the kernel's name; "" if the kernel has no interface for it
  std::string kernel_driver;         // "ixgbe", "vfio-pci"; "" if none, or if the device is virtual
  bool keeps_kernel_driver = false;  // DPDK drives it through that driver, not in its place
  std::int64_t numa_node = -1;       // -1: the machine has but one, or does not say
};

PortPlace find_port(const dataplane::PortSettings& port, const HostFiles& host);

// "0000:01:00.0" of that or of "01:00.0"; "" if `name` is no PCI address.
std::string pci_address(std::string_view name);

}  // namespace mgmt
