#include "mgmt/doctor_nic.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "mgmt/core_list.h"
#include "mgmt/shell_text.h"

namespace mgmt {
namespace {

using dataplane::PortDriver;

constexpr std::string_view kVfio = "vfio-pci";
constexpr std::array<std::string_view, 2> kUioDrivers = {"uio_pci_generic", "igb_uio"};

std::string driver_name(const Config::Port& port) {
  return std::string(dataplane::kPortDriverNames[static_cast<std::size_t>(port.settings.driver)]);
}

bool is_virtual_device(const Config::Port& port) {
  return port.settings.driver == PortDriver::kDpdk && port.settings.name.starts_with("net_");
}

std::string bind_fix(const PortPlace& place) {
  const std::string down =
      place.interface.empty() ? "" : fmt::format("ip link set dev {} down && ", shell_word(place.interface));
  return fmt::format("modprobe vfio-pci && {}dpdk-devbind.py --bind=vfio-pci {}", down, place.pci);
}

// Gives the device to whichever of the kernel's drivers wants it.
std::string unbind_fix(const PortPlace& place) {
  return fmt::format("echo {0} > /sys/bus/pci/drivers/{1}/unbind && echo {0} > /sys/bus/pci/drivers_probe",
                     place.pci, place.kernel_driver);
}

bool has_iommu(const HostFiles& host) {
  return !host.entries("/sys/kernel/iommu_groups").empty();
}

Diagnosis check_iommu(const HostFiles& host) {
  const Check check("iommu", kHostSubject);
  if (has_iommu(host)) return check.ok("on");
  const std::string cpuinfo = host.text("/proc/cpuinfo").value_or("");
  const bool amd = value_after(cpuinfo, "vendor_id") == "AuthenticAMD";
  const std::string switch_on =
      kernel_arguments_fix(amd ? "amd_iommu=on iommu=pt" : "intel_iommu=on iommu=pt");
  if (host.line("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode") == "Y") {
    return check.warn("off; vfio is told to do without", "A NIC that errs can then write anywhere in memory.",
                      switch_on);
  }
  return check.fail("off",
                    "vfio-pci needs it. It may have to be switched on in the BIOS too (VT-d, AMD-Vi). In a "
                    "virtual machine without one: echo Y > "
                    "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode",
                    switch_on);
}

Diagnosis check_vfio_module(const HostFiles& host) {
  const Check check("vfio", kHostSubject);
  if (host.exists("/sys/bus/pci/drivers/vfio-pci")) return check.ok("vfio-pci is loaded");
  const std::string modules = "/lib/modules/" + host.line("/proc/sys/kernel/osrelease");
  for (const char* index : {"/modules.dep", "/modules.builtin"}) {
    if (host.text(modules + index).value_or("").find("/vfio-pci.ko") != std::string::npos) {
      return check.warn("vfio-pci is not loaded", "DPDK gets at a PCI device through it.",
                        "modprobe vfio-pci && echo vfio-pci > /etc/modules-load.d/tapline.conf");
    }
  }
  return check.fail("this kernel has no vfio-pci", "DPDK gets at a PCI device through it.",
                    "apt install linux-image-amd64");
}

Diagnosis absent(const Config::Port& port, const Check& check) {
  if (!pci_address(port.settings.name).empty())
    return check.fail("there is no such PCI device", "These are there:", "dpdk-devbind.py --status-dev net");
  return check.fail("there is no such network interface", "These are there:", "ip -br link");
}

Diagnosis check_pci_driver(const PortPlace& place, const Check& check) {
  const std::string bound = place.kernel_driver.empty()
                                ? fmt::format("{} is bound to no driver", place.pci)
                                : fmt::format("{} is bound to {}", place.pci, place.kernel_driver);
  const bool given_away =
      place.kernel_driver == kVfio || std::ranges::count(kUioDrivers, place.kernel_driver) > 0;
  if (place.keeps_kernel_driver) {
    if (!given_away && !place.kernel_driver.empty()) return check.ok(bound + ", beside which DPDK works");
    return check.fail(
        bound, "DPDK drives this NIC through the kernel's own driver, which has to have it.",
        given_away ? unbind_fix(place) : fmt::format("echo {} > /sys/bus/pci/drivers_probe", place.pci));
  }
  if (place.kernel_driver == kVfio) return check.ok(bound);
  if (given_away) {
    return check.warn(bound, "That driver lets the NIC write anywhere in memory; vfio-pci does not.",
                      bind_fix(place));
  }
  const std::string loses =
      place.interface.empty()
          ? ""
          : fmt::format(" The kernel then has no {}: name the port {} in the configuration.", place.interface,
                        place.pci);
  return check.fail(bound, "DPDK drives it only through vfio-pci." + loses, bind_fix(place));
}

Diagnosis check_dpdk_driver(const Config::Port& port, const PortPlace& place, const Check& check) {
  if (is_virtual_device(port)) return check.ok("a virtual device of DPDK");
  if (!place.pci.empty()) return check_pci_driver(place, check);
  if (place.interface.empty()) return absent(port, check);
  return check.fail(fmt::format("{} is no PCI device", place.interface),
                    "DPDK can drive no other by itself: set driver = \"af_packet\" for this port.");
}

Diagnosis check_kernel_driver(const Config::Port& port, const PortPlace& place, const Check& check) {
  const bool by_address = !pci_address(port.settings.name).empty();
  if (place.interface.empty() && !place.pci.empty()) {
    return check.fail(fmt::format("{} is bound to {}", place.pci,
                                  place.kernel_driver.empty() ? "no driver" : place.kernel_driver),
                      fmt::format("driver = \"{}\" needs the kernel's interface. Give the NIC back, or set "
                                  "driver = \"dpdk\".",
                                  driver_name(port)),
                      place.kernel_driver.empty()
                          ? fmt::format("echo {} > /sys/bus/pci/drivers_probe", place.pci)
                          : unbind_fix(place));
  }
  if (place.interface.empty()) return absent(port, check);
  if (by_address) {
    return check.fail("named by its PCI address",
                      fmt::format("driver = \"{}\" needs the kernel's name: set name = \"{}\".",
                                  driver_name(port), place.interface));
  }
  if (place.kernel_driver.empty()) return check.ok(fmt::format("{}, a virtual interface", place.interface));
  return check.ok(fmt::format("{} is bound to {}", place.interface, place.kernel_driver));
}

// IFF_UP (linux/if.h): the operator wants it up.
constexpr std::int64_t kUp = 1;

std::string interface_file(const std::string& interface, std::string_view name) {
  return fmt::format("/sys/class/net/{}/{}", interface, name);
}

std::string speed_text(std::int64_t mbps) {
  if (mbps <= 0) return "";
  return mbps % 1000 == 0 ? fmt::format(", {} Gb/s", mbps / 1000) : fmt::format(", {} Mb/s", mbps);
}

Diagnosis check_link(const Config::Port& port, const std::string& interface, const HostFiles& host) {
  const Check check("link", port.settings.name);
  const std::int64_t flags = host.number(interface_file(interface, "flags")).value_or(0);
  if ((flags & kUp) == 0) {
    return check.fail(fmt::format("{} is down", interface), "It hands out no frame.",
                      fmt::format("ip link set dev {} up promisc on", shell_word(interface)));
  }
  if (host.number(interface_file(interface, "carrier")).value_or(0) == 0) {
    return check.fail(
        fmt::format("{} is up without a carrier", interface),
        "Nothing is at the other end: look at the cable, the optics, and whether the switch has "
        "its mirror port enabled.",
        fmt::format("ethtool {}", shell_word(interface)));
  }
  const std::int64_t mbps = host.number(interface_file(interface, "speed")).value_or(-1);
  const bool half = host.line(interface_file(interface, "duplex")) == "half";
  if (half) {
    return check.warn(fmt::format("up, with a carrier{}, half duplex", speed_text(mbps)),
                      "The two ends disagree on the speed, and frames collide.",
                      fmt::format("ethtool -s {} autoneg on", shell_word(interface)));
  }
  return check.ok(fmt::format("up, with a carrier{}", speed_text(mbps)));
}

Diagnosis check_offloads(const Config::Port& port, const std::string& interface,
                         const ReadOffloads& read_offloads) {
  const Check check("offloads", port.settings.name);
  const std::optional<KernelOffloads> offloads = read_offloads(interface);
  if (!offloads) {
    return check.warn("the kernel does not say which are on", "See whether GRO, LRO and rx-vlan-offload are.",
                      fmt::format("ethtool -k {}", shell_word(interface)));
  }
  std::string on;
  std::string off;
  const auto look = [&](bool is_on, std::string_view name, std::string_view option) {
    if (!is_on) return;
    on += fmt::format("{}{}", on.empty() ? "" : ", ", name);
    off += fmt::format(" {} off", option);
  };
  look(offloads->gro, "GRO", "gro");
  look(offloads->lro, "LRO", "lro");
  // AF_PACKET hands the tag out beside the frame, and it is put back.
  const bool tag_is_lost = port.settings.driver == PortDriver::kAfXdp;
  look(offloads->vlan_strip && tag_is_lost, "VLAN stripping", "rx-vlan-offload");
  if (on.empty()) return check.ok("none that changes frames is on");
  return check.warn(fmt::format("on: {}", on),
                    "Frames are then not what was on the wire: GRO and LRO make one of many, stripping takes "
                    "the VLAN tag.",
                    fmt::format("ethtool -K {}{}", shell_word(interface), off));
}

constexpr std::int64_t kEthernetMtu = 1500;  // what any host may send
// A frame with its 256 octets of headroom and 320 of the kernel's behind it, in a page of 4,096.
constexpr std::int64_t kXdpMtu = 3498;

Diagnosis check_mtu(const Config::Port& port, const std::string& interface, const HostFiles& host) {
  const Check check("mtu", port.settings.name);
  const std::int64_t mtu = host.number(interface_file(interface, "mtu")).value_or(0);
  const auto set_to = [&](std::int64_t value) {
    return fmt::format("ip link set dev {} mtu {}", shell_word(interface), value);
  };
  if (mtu < kEthernetMtu)
    return check.warn(std::to_string(mtu), "The NIC drops longer frames, and hosts send them.",
                      set_to(kEthernetMtu));
  if (port.settings.driver == PortDriver::kAfXdp && mtu > kXdpMtu)
    return check.warn(std::to_string(mtu), "AF_XDP cannot be used on most NICs with frames that long.",
                      set_to(kXdpMtu));
  return check.ok(fmt::format("{}; longer frames (jumbo, a mirror in a tunnel) may be dropped", mtu));
}

std::vector<std::uint64_t> cores_of_node(std::int64_t node, const HostFiles& host) {
  return host.list(fmt::format("/sys/devices/system/node/node{}/cpulist", node));
}

}  // namespace

Diagnoses check_vfio(std::span<const Config::Port> ports, const HostFiles& host) {
  const bool needed = std::ranges::any_of(ports, [&](const Config::Port& port) {
    if (port.settings.driver != PortDriver::kDpdk) return false;
    const PortPlace place = find_port(port.settings, host);
    return !place.pci.empty() && !place.keeps_kernel_driver;
  });
  if (!needed) return {};
  return {check_iommu(host), check_vfio_module(host)};
}

Diagnosis check_driver(const Config::Port& port, const HostFiles& host) {
  const Check check("driver", port.settings.name);
  const PortPlace place = find_port(port.settings, host);
  switch (port.settings.driver) {
    case PortDriver::kDpdk:
      return check_dpdk_driver(port, place, check);
    case PortDriver::kAfXdp:
    case PortDriver::kAfPacket:
      return check_kernel_driver(port, place, check);
    case PortDriver::kPcap:
      return place.interface.empty() ? check.ok("a capture file") : check_kernel_driver(port, place, check);
    case PortDriver::kNull:
      break;
  }
  return check.ok("frames from nowhere, to measure with");
}

Diagnosis check_numa(const Config::Port& port, const HostFiles& host) {
  const Check check("numa", port.settings.name);
  const std::int64_t node = find_port(port.settings, host).numa_node;
  if (node < 0) return check.ok("no node is nearer than another");
  const std::vector<std::uint64_t> near = cores_of_node(node, host);
  std::vector<std::uint64_t> far;
  for (const std::uint64_t core : port.cores) {
    if (std::ranges::count(near, core) == 0) far.push_back(core);
  }
  if (far.empty() || near.empty()) return check.ok(fmt::format("on node {}, as its cores", node));
  return check.warn(
      fmt::format("on node {}, but not {} {}", node, far.size() == 1 ? "core" : "cores", core_list_text(far)),
      fmt::format("Every frame then crosses from one processor to the other. Set 'cores' of this port among "
                  "{}.",
                  core_list_text(near)));
}

Diagnoses check_interface(const Config::Port& port, const HostFiles& host,
                          const ReadOffloads& read_offloads) {
  if (port.settings.driver == PortDriver::kDpdk || port.settings.driver == PortDriver::kNull) return {};
  const std::string interface = find_port(port.settings, host).interface;
  if (interface.empty()) return {};
  return {check_link(port, interface, host), check_offloads(port, interface, read_offloads),
          check_mtu(port, interface, host)};
}

}  // namespace mgmt
