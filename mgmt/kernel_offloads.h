// What the kernel or its driver does to received frames before anybody sees them.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace mgmt {

struct KernelOffloads {
  bool gro = false;         // generic receive offload: segments become one large frame
  bool lro = false;         // the same by the NIC
  bool vlan_strip = false;  // the VLAN tag is taken off
};

using ReadOffloads = std::function<std::optional<KernelOffloads>(const std::string& interface)>;

// Asks the kernel (ethtool's ioctl). Nothing if there is no such interface or it does not say.
std::optional<KernelOffloads> read_kernel_offloads(const std::string& interface);

}  // namespace mgmt
