#include <gtest/gtest.h>

#include "mgmt/doctor_memory.h"
#include "tests/support/diagnoses.h"
#include "tests/support/made_up_host.h"

namespace mgmt {
namespace {

using tests::in_short;
using tests::MadeUpHost;

constexpr std::uint64_t kMiB = 1 << 20;
const Machine kMachine = {.cores = {0, 1, 2, 3, 4, 5, 6, 7}, .isolated = {}};

// A port on PCI, with one worker and one shard.
Config with_port(const std::string& name = "0000:01:00.0") {
  Config config;
  config.ports.resize(1);
  config.ports[0].settings.name = name;
  config.ports[0].settings.mempool = 32768;
  config.ports[0].cores = {2};
  config.ports[0].shard_cores = {3};
  return config;
}

LivePlan plan_of(const Config& config, std::uint64_t free_hugepage_bytes = 0) {
  Machine machine = kMachine;
  machine.free_hugepage_bytes = free_hugepage_bytes;
  return live_plan(config, machine);
}

const LivePlan kPlan = plan_of(with_port());
const std::uint64_t kNeededPages = (kPlan.packet_buffer_bytes + kDpdkBytes + 2 * kMiB - 1) / (2 * kMiB);

std::string pages(std::uint64_t count) {
  return std::to_string(count);
}

Diagnosis hugepages_of(const MadeUpHost& host, const LivePlan& plan = kPlan) {
  const Diagnoses diagnoses = check_hugepages(plan, host.files());
  EXPECT_EQ(diagnoses.size(), 1U);
  return diagnoses.at(0);
}

TEST(DoctorHugepages, EnoughFreePagesAreFine) {
  EXPECT_GT(kNeededPages, 32768 * 2048 / (2 * kMiB));
  MadeUpHost host;
  host.pages("node0", "2048", "512", pages(kNeededPages)).pages("node0", "1048576", "0", "0");
  const Diagnosis diagnosis = hugepages_of(host);
  EXPECT_EQ(diagnosis.health, Health::kOk);
  EXPECT_TRUE(diagnosis.found.starts_with("node 0: " + pages(kNeededPages) + " of 512 pages of 2 MiB free; "))
      << diagnosis.found;
}

TEST(DoctorHugepages, NoneIsAWarningThatSaysWhatItCosts) {
  MadeUpHost host;
  host.pages("node0", "2048", "0", "0").pages("node0", "1048576", "0", "0");
  const Diagnosis diagnosis = hugepages_of(host);
  EXPECT_TRUE(in_short(diagnosis).starts_with("warn: none; ")) << diagnosis.found;
  EXPECT_NE(diagnosis.advice.find("50 instead of 125 Mpps"), std::string::npos);
  EXPECT_EQ(diagnosis.fix, "echo " + pages(kNeededPages) +
                               " > /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages");
  EXPECT_NE(diagnosis.advice.find("hugepagesz=2048K hugepages=" + pages(kNeededPages) + " "),
            std::string::npos)
      << diagnosis.advice;
}

TEST(DoctorHugepages, TooFewAreAddedToThoseInUse) {
  MadeUpHost host;
  host.pages("node0", "2048", "10", "4");
  const Diagnosis diagnosis = hugepages_of(host);
  EXPECT_EQ(diagnosis.health, Health::kWarn);
  EXPECT_EQ(diagnosis.fix, "echo " + pages(6 + kNeededPages) +
                               " > /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages");
}

TEST(DoctorHugepages, EnoughThatOthersHoldAreNotAdded) {
  MadeUpHost host;
  host.pages("node0", "2048", "512", pages(kNeededPages - 1));
  const Diagnosis diagnosis = hugepages_of(host);
  EXPECT_EQ(diagnosis.health, Health::kWarn);
  EXPECT_EQ(diagnosis.fix, "grep -l hugepages /proc/[0-9]*/maps");
}

TEST(DoctorHugepages, ThePortsNodeNeedsItsOwn) {
  MadeUpHost host;
  host.pages("node0", "2048", "512", "512").pages("node1", "2048", "1", "1");
  EXPECT_EQ(hugepages_of(host).health, Health::kOk);
  host.pci("0000:01:00.0", "vfio-pci").file("/sys/bus/pci/devices/0000:01:00.0/numa_node", "1");
  const Diagnoses diagnoses = check_hugepages(kPlan, host.files());
  ASSERT_EQ(diagnoses.size(), 2U);
  EXPECT_TRUE(in_short(diagnoses[1]).starts_with("fail: node 1: 1 of 1 pages of 2 MiB free; "))
      << diagnoses[1].found;
  EXPECT_NE(diagnoses[1].fix.find("/node1/"), std::string::npos) << diagnoses[1].fix;
}

TEST(DoctorHugepages, MissingOnesAreAddedOnThePortsNode) {
  MadeUpHost host;
  host.pages("node0", "2048", "1", "1").pages("node1", "2048", "0", "0");
  host.pci("0000:01:00.0", "vfio-pci").file("/sys/bus/pci/devices/0000:01:00.0/numa_node", "1");
  const Diagnosis diagnosis = hugepages_of(host);
  EXPECT_EQ(diagnosis.fix, "echo " + pages(kNeededPages) +
                               " > /sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages");
  EXPECT_NE(diagnosis.advice.find(" hugepages=1:" + pages(kNeededPages) + " "), std::string::npos)
      << diagnosis.advice;
}

TEST(DoctorHugepages, AKernelWithoutNodesHasThemInOnePlace) {
  MadeUpHost host;
  host.file("/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "2");
  host.file("/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "1");
  EXPECT_TRUE(in_short(hugepages_of(host)).starts_with("ok: 1 of 2 pages of 1 GiB free; "));
  EXPECT_EQ(in_short(hugepages_of(MadeUpHost())), "warn: this kernel has none");
}

TEST(DoctorHugepages, WithoutPortsSomeAreSuggested) {
  MadeUpHost host;
  host.pages("node0", "2048", "0", "0");
  EXPECT_NE(hugepages_of(host, LivePlan{}).fix.find("echo 256 > "), std::string::npos);
}

Diagnosis memory_of(const Config& config, const LivePlan& plan, std::uint64_t available) {
  MadeUpHost host;
  host.file("/proc/meminfo",
            "MemTotal: 1 kB\nMemAvailable:   " + std::to_string(available / 1024 + 1) + " kB\n");
  return check_memory(config, plan, host.files());
}

TEST(DoctorMemory, TheTablesMustFit) {
  Config config = with_port();
  const LivePlan plan = plan_of(config, std::uint64_t{1} << 40);
  ASSERT_TRUE(plan.hugepages);
  const std::uint64_t tables = planned_table_bytes(config, plan);
  EXPECT_EQ(memory_of(config, plan, tables).health, Health::kOk);
  config.memory.clients += 1000;
  EXPECT_EQ(memory_of(config, plan, tables).health, Health::kFail);
}

TEST(DoctorMemory, WithoutHugepagesTheBuffersMustFitToo) {
  const Config config = with_port();
  const std::uint64_t tables = planned_table_bytes(config, kPlan);
  EXPECT_EQ(memory_of(config, kPlan, tables).health, Health::kFail);
  EXPECT_EQ(memory_of(config, kPlan, tables + kPlan.packet_buffer_bytes).health, Health::kOk);
}

TEST(DoctorMemory, EachWorkerHasTablesOfItsOwn) {
  const auto bytes = [](std::vector<std::uint64_t> cores, std::vector<std::uint64_t> shard_cores) {
    Config config = with_port();
    config.ports[0].cores = std::move(cores);
    config.ports[0].shard_cores = std::move(shard_cores);
    return planned_table_bytes(config, plan_of(config));
  };
  const Config::Memory memory;
  EXPECT_GE(bytes({1, 2}, {4}), bytes({1}, {4}) + memory.dns_stream_bytes);
  EXPECT_EQ(bytes({1, 2}, {4, 5}), bytes({1, 2}, {4}) + 2 * memory.ring_events * 64);
}

}  // namespace
}  // namespace mgmt
