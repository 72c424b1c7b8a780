#include <gtest/gtest.h>

#include "mgmt/doctor_nic.h"
#include "mgmt/shell_text.h"
#include "tests/support/diagnoses.h"
#include "tests/support/made_up_host.h"

namespace mgmt {
namespace {

using dataplane::PortDriver;
using tests::in_short;
using tests::MadeUpHost;

constexpr const char* kAddress = "0000:01:00.0";

Config::Port port_of(const std::string& name, PortDriver driver, std::vector<std::uint64_t> cores = {}) {
  Config::Port port;
  port.settings.name = name;
  port.settings.driver = driver;
  port.cores = std::move(cores);
  return port;
}

// An interface on a PCI device, as a NIC has it that the kernel drives.
MadeUpHost with_nic(const std::string& interface, const std::string& driver,
                    const std::string& vendor = "0x8086") {
  MadeUpHost host;
  const std::string device = std::string("/sys/bus/pci/devices/") + kAddress;
  host.pci(kAddress, driver, vendor).folder(device + "/net/" + interface).interface(interface);
  host.link("/sys/class/net/" + interface + "/device", std::string("../../bus/pci/devices/") + kAddress);
  return host;
}

Diagnosis driver_of(const std::string& name, PortDriver driver, const MadeUpHost& host) {
  return check_driver(port_of(name, driver), host.files());
}

TEST(PciAddress, IsMadeWhole) {
  EXPECT_EQ(pci_address("0000:01:00.0"), "0000:01:00.0");
  EXPECT_EQ(pci_address("AF:00.1"), "0000:af:00.1");
  for (const char* other : {"eth1", "", "01:00", "0000:01:00.8", "0000:01:00.0 ", "../01:00.0"})
    EXPECT_EQ(pci_address(other), "") << other;
}

TEST(ShellWord, IsQuotedWhereItHasToBe) {
  EXPECT_EQ(shell_word("eth1.5"), "eth1.5");
  EXPECT_EQ(shell_word("a b;c"), "'a b;c'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(DoctorDriver, DpdkWantsVfioPci) {
  MadeUpHost host;
  host.pci(kAddress, "vfio-pci");
  EXPECT_EQ(in_short(driver_of("01:00.0", PortDriver::kDpdk, host)), "ok: 0000:01:00.0 is bound to vfio-pci");
}

TEST(DoctorDriver, ANicOfTheKernelsIsBoundAnew) {
  const MadeUpHost host = with_nic("ens1", "ice");
  for (const char* name : {kAddress, "ens1"}) {
    const Diagnosis diagnosis = driver_of(name, PortDriver::kDpdk, host);
    EXPECT_EQ(in_short(diagnosis), "fail: 0000:01:00.0 is bound to ice");
    EXPECT_EQ(
        diagnosis.fix,
        "modprobe vfio-pci && ip link set dev ens1 down && dpdk-devbind.py --bind=vfio-pci 0000:01:00.0");
    EXPECT_NE(diagnosis.advice.find("name the port 0000:01:00.0"), std::string::npos) << diagnosis.advice;
  }
}

TEST(DoctorDriver, AnUnboundNicIsBound) {
  MadeUpHost host;
  host.pci(kAddress, "");
  const Diagnosis diagnosis = driver_of(kAddress, PortDriver::kDpdk, host);
  EXPECT_EQ(in_short(diagnosis), "fail: 0000:01:00.0 is bound to no driver");
  EXPECT_EQ(diagnosis.fix, "modprobe vfio-pci && dpdk-devbind.py --bind=vfio-pci 0000:01:00.0");
}

TEST(DoctorDriver, UioIsAWarning) {
  MadeUpHost host;
  host.pci(kAddress, "uio_pci_generic");
  EXPECT_EQ(in_short(driver_of(kAddress, PortDriver::kDpdk, host)),
            "warn: 0000:01:00.0 is bound to uio_pci_generic");
}

TEST(DoctorDriver, MellanoxKeepsTheKernelsDriver) {
  EXPECT_EQ(in_short(driver_of(kAddress, PortDriver::kDpdk, with_nic("ens1", "mlx5_core", "0x15b3"))),
            "ok: 0000:01:00.0 is bound to mlx5_core, beside which DPDK works");
  MadeUpHost host;
  host.pci(kAddress, "vfio-pci", "0x15b3");
  const Diagnosis diagnosis = driver_of(kAddress, PortDriver::kDpdk, host);
  EXPECT_EQ(in_short(diagnosis), "fail: 0000:01:00.0 is bound to vfio-pci");
  EXPECT_EQ(diagnosis.fix,
            "echo 0000:01:00.0 > /sys/bus/pci/drivers/vfio-pci/unbind && "
            "echo 0000:01:00.0 > /sys/bus/pci/drivers_probe");
}

TEST(DoctorDriver, WhatIsNotThereFailsWithTheCommandThatListsWhatIs) {
  const MadeUpHost host;
  const Diagnosis pci = driver_of(kAddress, PortDriver::kDpdk, host);
  EXPECT_EQ(in_short(pci), "fail: there is no such PCI device");
  EXPECT_EQ(pci.fix, "dpdk-devbind.py --status-dev net");
  for (const PortDriver driver : {PortDriver::kDpdk, PortDriver::kAfPacket, PortDriver::kAfXdp}) {
    const Diagnosis interface = driver_of("eth9", driver, host);
    EXPECT_EQ(in_short(interface), "fail: there is no such network interface");
    EXPECT_EQ(interface.fix, "ip -br link");
  }
}

TEST(DoctorDriver, ANameIsNoWayOutOfTheFolderOfInterfaces) {
  MadeUpHost host;
  host.folder("/sys/class/net").folder("/sys/class/other");
  for (const char* name : {"..", ".", "../other", ""})
    EXPECT_EQ(find_port(port_of(name, PortDriver::kAfPacket).settings, host.files()).interface, "") << name;
}

TEST(DoctorDriver, DpdkCannotDriveWhatIsNoPciDevice) {
  MadeUpHost host;
  host.interface("veth0");
  EXPECT_EQ(in_short(driver_of("veth0", PortDriver::kDpdk, host)), "fail: veth0 is no PCI device");
  EXPECT_EQ(in_short(driver_of("net_memif0", PortDriver::kDpdk, host)), "ok: a virtual device of DPDK");
}

TEST(DoctorDriver, TheKernelsDriversNeedAnInterface) {
  MadeUpHost host;
  host.interface("veth0").pci(kAddress, "vfio-pci");
  EXPECT_EQ(in_short(driver_of("veth0", PortDriver::kAfPacket, host)), "ok: veth0, a virtual interface");
  EXPECT_EQ(in_short(driver_of("ens1", PortDriver::kAfXdp, with_nic("ens1", "ice"))),
            "ok: ens1 is bound to ice");
  const Diagnosis given_away = driver_of(kAddress, PortDriver::kAfPacket, host);
  EXPECT_EQ(in_short(given_away), "fail: 0000:01:00.0 is bound to vfio-pci");
  EXPECT_NE(given_away.fix.find("drivers_probe"), std::string::npos);
  const Diagnosis by_address = driver_of(kAddress, PortDriver::kAfPacket, with_nic("ens1", "ice"));
  EXPECT_EQ(in_short(by_address), "fail: named by its PCI address");
  EXPECT_NE(by_address.advice.find("name = \"ens1\""), std::string::npos);
}

TEST(DoctorDriver, FilesAndNothingNeedNone) {
  const MadeUpHost host;
  EXPECT_EQ(in_short(driver_of("a.pcap", PortDriver::kPcap, host)), "ok: a capture file");
  EXPECT_EQ(driver_of("x", PortDriver::kNull, host).health, Health::kOk);
}

Diagnoses vfio_of(const Config::Port& port, const MadeUpHost& host) {
  return check_vfio({&port, 1}, host.files());
}

TEST(DoctorVfio, IsAskedForOnlyByPciDevicesThatNeedIt) {
  EXPECT_TRUE(vfio_of(port_of("ens1", PortDriver::kAfPacket), with_nic("ens1", "ice")).empty());
  EXPECT_TRUE(vfio_of(port_of("net_null0", PortDriver::kDpdk), MadeUpHost()).empty());
  EXPECT_TRUE(vfio_of(port_of("ens1", PortDriver::kDpdk), with_nic("ens1", "mlx5_core", "0x15b3")).empty());
  EXPECT_EQ(vfio_of(port_of("ens1", PortDriver::kDpdk), with_nic("ens1", "ice")).size(), 2U);
}

TEST(DoctorVfio, IommuAndModuleAreFine) {
  MadeUpHost host = with_nic("ens1", "ice");
  host.folder("/sys/kernel/iommu_groups/0").folder("/sys/bus/pci/drivers/vfio-pci");
  const Diagnoses diagnoses = vfio_of(port_of("ens1", PortDriver::kDpdk), host);
  EXPECT_EQ(in_short(diagnoses.at(0)), "ok: on");
  EXPECT_EQ(in_short(diagnoses.at(1)), "ok: vfio-pci is loaded");
}

TEST(DoctorVfio, WithoutIommuTheKernelArgumentIsTheProcessorMakers) {
  const auto iommu_on = [](const std::string& vendor) {
    MadeUpHost host = with_nic("ens1", "ice");
    host.file("/proc/cpuinfo", "vendor_id\t: " + vendor + "\n");
    return vfio_of(port_of("ens1", PortDriver::kDpdk), host).at(0);
  };
  EXPECT_EQ(in_short(iommu_on("GenuineIntel")), "fail: off");
  EXPECT_NE(iommu_on("GenuineIntel").fix.find("&intel_iommu=on iommu=pt /"), std::string::npos);
  EXPECT_NE(iommu_on("AuthenticAMD").fix.find("&amd_iommu=on iommu=pt /"), std::string::npos);
}

TEST(DoctorVfio, WithoutIommuOnPurposeIsAWarning) {
  MadeUpHost host = with_nic("ens1", "ice");
  host.file("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y");
  EXPECT_EQ(vfio_of(port_of("ens1", PortDriver::kDpdk), host).at(0).health, Health::kWarn);
}

TEST(DoctorVfio, AModuleThatIsThereIsLoaded) {
  MadeUpHost host = with_nic("ens1", "ice");
  host.file("/proc/sys/kernel/osrelease", "6.1.0");
  EXPECT_EQ(in_short(vfio_of(port_of("ens1", PortDriver::kDpdk), host).at(1)),
            "fail: this kernel has no vfio-pci");
  host.file("/lib/modules/6.1.0/modules.dep", "kernel/a.ko:\nkernel/drivers/vfio/pci/vfio-pci.ko: x\n");
  const Diagnosis diagnosis = vfio_of(port_of("ens1", PortDriver::kDpdk), host).at(1);
  EXPECT_EQ(in_short(diagnosis), "warn: vfio-pci is not loaded");
  EXPECT_TRUE(diagnosis.fix.starts_with("modprobe vfio-pci")) << diagnosis.fix;
}

const KernelOffloads kAllOff = {};

Diagnoses interface_of(const MadeUpHost& host, std::optional<KernelOffloads> offloads = kAllOff,
                       PortDriver driver = PortDriver::kAfPacket) {
  return check_interface(port_of("eth1", driver), host.files(), [&](const std::string&) { return offloads; });
}

TEST(DoctorInterface, OneThatIsUpWithoutOffloadsIsFine) {
  MadeUpHost host;
  host.interface("eth1");
  const Diagnoses diagnoses = interface_of(host);
  ASSERT_EQ(diagnoses.size(), 3U);
  EXPECT_EQ(in_short(diagnoses[0]), "ok: up, with a carrier, 10 Gb/s");
  EXPECT_EQ(in_short(diagnoses[1]), "ok: none that changes frames is on");
  EXPECT_TRUE(in_short(diagnoses[2]).starts_with("ok: 1500; "));
}

TEST(DoctorInterface, IsOfNoMatterWhereTheKernelHandsOutNothing) {
  MadeUpHost host;
  host.interface("eth1");
  EXPECT_TRUE(interface_of(host, kAllOff, PortDriver::kDpdk).empty());
  EXPECT_TRUE(interface_of(MadeUpHost(), kAllOff, PortDriver::kPcap).empty());
  EXPECT_EQ(interface_of(host, kAllOff, PortDriver::kPcap).size(), 3U);
}

TEST(DoctorInterface, OneThatIsDownIsSwitchedOn) {
  MadeUpHost host;
  host.interface("eth1").file("/sys/class/net/eth1/flags", "0x1002");
  const Diagnosis diagnosis = interface_of(host).at(0);
  EXPECT_EQ(in_short(diagnosis), "fail: eth1 is down");
  EXPECT_EQ(diagnosis.fix, "ip link set dev eth1 up promisc on");
}

TEST(DoctorInterface, OneWithoutACarrierFails) {
  MadeUpHost host;
  host.interface("eth1").file("/sys/class/net/eth1/carrier", "0");
  EXPECT_EQ(in_short(interface_of(host).at(0)), "fail: eth1 is up without a carrier");
}

TEST(DoctorInterface, HalfDuplexIsAWarning) {
  MadeUpHost host;
  host.interface("eth1").file("/sys/class/net/eth1/duplex", "half").file("/sys/class/net/eth1/speed", "10");
  EXPECT_EQ(in_short(interface_of(host).at(0)), "warn: up, with a carrier, 10 Mb/s, half duplex");
}

TEST(DoctorInterface, TheOffloadsThatAreOnAreSwitchedOff) {
  MadeUpHost host;
  host.interface("eth1");
  const auto offloads = [&](KernelOffloads on, PortDriver driver) {
    return interface_of(host, on, driver).at(1);
  };
  const Diagnosis all = offloads({true, true, true}, PortDriver::kAfXdp);
  EXPECT_EQ(in_short(all), "warn: on: GRO, LRO, VLAN stripping");
  EXPECT_EQ(all.fix, "ethtool -K eth1 gro off lro off rx-vlan-offload off");
  EXPECT_EQ(offloads({true, false, true}, PortDriver::kAfPacket).fix, "ethtool -K eth1 gro off");
  EXPECT_EQ(offloads({false, false, true}, PortDriver::kAfPacket).health, Health::kOk)
      << "it puts the tag back";
  EXPECT_EQ(interface_of(host, std::nullopt).at(1).fix, "ethtool -k eth1");
}

TEST(DoctorInterface, AnMtuThatIsTooSmallOrTooLargeForXdpIsSet) {
  MadeUpHost host;
  host.interface("eth1").file("/sys/class/net/eth1/mtu", "1400");
  EXPECT_EQ(interface_of(host).at(2).fix, "ip link set dev eth1 mtu 1500");
  host.file("/sys/class/net/eth1/mtu", "9000");
  EXPECT_EQ(interface_of(host).at(2).health, Health::kOk);
  EXPECT_EQ(interface_of(host, kAllOff, PortDriver::kAfXdp).at(2).fix, "ip link set dev eth1 mtu 3498");
}

TEST(DoctorNuma, CoresOnThePortsNodeAreFine) {
  MadeUpHost host;
  host.pci(kAddress, "vfio-pci").file(std::string("/sys/bus/pci/devices/") + kAddress + "/numa_node", "1");
  host.file("/sys/devices/system/node/node1/cpulist", "8-15");
  const auto numa = [&](std::vector<std::uint64_t> cores) {
    return check_numa(port_of(kAddress, PortDriver::kDpdk, std::move(cores)), host.files());
  };
  EXPECT_EQ(in_short(numa({8, 9})), "ok: on node 1, as its cores");
  EXPECT_EQ(in_short(numa({2, 3, 8})), "warn: on node 1, but not cores 2-3");
  EXPECT_NE(numa({2}).advice.find("among 8-15"), std::string::npos);
}

TEST(DoctorNuma, APortWithoutANodeHasNone) {
  MadeUpHost host;
  host.pci(kAddress, "vfio-pci").file(std::string("/sys/bus/pci/devices/") + kAddress + "/numa_node", "-1");
  EXPECT_EQ(in_short(check_numa(port_of(kAddress, PortDriver::kDpdk, {2}), host.files())),
            "ok: no node is nearer than another");
}

TEST(KernelOffloads, OfAnInterfaceThatIsNotThereAreNotKnown) {
  EXPECT_FALSE(read_kernel_offloads("no_such_if"));
  EXPECT_FALSE(read_kernel_offloads("a_name_that_is_too_long_for_the_kernel"));
  EXPECT_TRUE(read_kernel_offloads("lo"));
}

}  // namespace
}  // namespace mgmt
