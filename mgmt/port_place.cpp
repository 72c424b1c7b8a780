#include "mgmt/port_place.h"

#include <algorithm>
#include <array>
#include <regex>

#include <fmt/format.h>

namespace mgmt {
namespace {

constexpr std::size_t kMaxInterfaceName = 15;  // IFNAMSIZ and its NUL

// Drivers of the kernel that the library's own work through (its "bifurcated" ones).
constexpr std::array<std::string_view, 3> kSharedDrivers = {"mlx4_core", "mlx5_core", "mana"};
constexpr std::string_view kMellanox = "0x15b3";

bool may_be_interface(std::string_view name) {
  return !name.empty() && name.size() <= kMaxInterfaceName && name.find('/') == std::string_view::npos &&
         !name.starts_with('.');
}

std::string device_folder(std::string_view pci) {
  return fmt::format("/sys/bus/pci/devices/{}", pci);
}

void fill_from_pci(PortPlace& place, const HostFiles& host) {
  const std::string folder = device_folder(place.pci);
  place.kernel_driver = host.link_target(folder + "/driver");
  place.numa_node = host.number(folder + "/numa_node").value_or(-1);
  place.keeps_kernel_driver = host.line(folder + "/vendor") == kMellanox ||
                              std::ranges::count(kSharedDrivers, place.kernel_driver) > 0;
}

}  // namespace

std::string pci_address(std::string_view name) {
  static const std::regex kAddress("([0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]", std::regex::icase);
  if (!std::regex_match(name.begin(), name.end(), kAddress)) return "";
  std::string address(name);
  std::ranges::transform(address, address.begin(), [](char c) { return c >= 'A' && c <= 'F' ? c + 32 : c; });
  return address.size() == 7 ? "0000:" + address : address;
}

PortPlace find_port(const dataplane::PortSettings& port, const HostFiles& host) {
  PortPlace place;
  const std::string address = pci_address(port.name);
  if (!address.empty()) {
    if (!host.exists(device_folder(address))) return place;
    place.pci = address;
    const auto interfaces = host.entries(device_folder(address) + "/net");
    if (!interfaces.empty()) place.interface = interfaces.front();
  } else if (may_be_interface(port.name) && host.exists("/sys/class/net/" + port.name)) {
    place.interface = port.name;
    place.pci = pci_address(host.link_target(fmt::format("/sys/class/net/{}/device", port.name)));
    place.kernel_driver = host.link_target(fmt::format("/sys/class/net/{}/device/driver", port.name));
    place.numa_node = host.number(fmt::format("/sys/class/net/{}/device/numa_node", port.name)).value_or(-1);
  }
  if (!place.pci.empty()) fill_from_pci(place, host);
  return place;
}

}  // namespace mgmt
