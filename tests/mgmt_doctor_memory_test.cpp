#include <gtest/gtest.h>

#include "mgmt/doctor_memory.h"
#include "tests/support/made_up_host.h"

namespace mgmt {
namespace {

using tests::in_short;
using tests::MadeUpHost;

constexpr std::uint64_t kMiB = 1 << 20;

Config with_port(const std::string& name = "0000:01:00.0", std::uint64_t mempool = 32768) {
  Config config;
  config.ports.emplace_back();
  config.ports[0].settings.name = name;
  config.ports[0].settings.mempool = mempool;
  return config;
}

Diagnosis hugepages_of(const Config& config, const MadeUpHost& host) {
  const Diagnoses diagnoses = check_hugepages(config, host.files());
  EXPECT_EQ(diagnoses.size(), 1U);
  return diagnoses.at(0);
}

std::uint64_t all_buffers(const Config& config, const MadeUpHost& host) {
  std::uint64_t all = 0;
  for (const auto& [node, bytes] : planned_buffers(config, host.files())) all += bytes;
  return all;
}

TEST(DoctorHugepages, EnoughFreePagesAreFine) {
  MadeUpHost host;
  host.pages("node0", "2048", "512", "500").pages("node0", "1048576", "0", "0");
  const Diagnosis diagnosis = hugepages_of(with_port(), host);
  EXPECT_EQ(diagnosis.health, Health::kOk);
  EXPECT_TRUE(diagnosis.found.starts_with("node 0: 500 of 512 pages of 2 MiB free; ")) << diagnosis.found;
}

TEST(DoctorHugepages, NoneIsAWarningThatSaysWhatItCosts) {
  MadeUpHost host;
  host.pages("node0", "2048", "0", "0").pages("node0", "1048576", "0", "0");
  const Config config = with_port();
  const Diagnosis diagnosis = hugepages_of(config, host);
  EXPECT_TRUE(in_short(diagnosis).starts_with("warn: none; ")) << diagnosis.found;
  EXPECT_NE(diagnosis.advice.find("50 instead of 125 Mpps"), std::string::npos);
  const std::uint64_t pages = (all_buffers(config, host) + 2 * kMiB - 1) / (2 * kMiB);
  EXPECT_GT(pages, 32768 * 2048 / (2 * kMiB));
  EXPECT_EQ(diagnosis.fix, "echo " + std::to_string(pages) +
                               " > /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages");
  EXPECT_NE(diagnosis.advice.find("hugepagesz=2048K hugepages=" + std::to_string(pages) + " "),
            std::string::npos)
      << diagnosis.advice;
}

TEST(DoctorHugepages, TooFewFailAndAreAddedToThoseInUse) {
  MadeUpHost host;
  host.pages("node0", "2048", "10", "4");
  const Config config = with_port();
  const Diagnosis diagnosis = hugepages_of(config, host);
  EXPECT_EQ(diagnosis.health, Health::kFail);
  const std::uint64_t pages = 6 + (all_buffers(config, host) + 2 * kMiB - 1) / (2 * kMiB);
  EXPECT_EQ(diagnosis.fix, "echo " + std::to_string(pages) +
                               " > /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages");
}

TEST(DoctorHugepages, EnoughThatOthersHoldIsAWarning) {
  MadeUpHost host;
  host.pages("node0", "2048", "512", "3");
  EXPECT_EQ(hugepages_of(with_port(), host).health, Health::kWarn);
}

TEST(DoctorHugepages, ThoseOfThePortsNodeCount) {
  MadeUpHost host;
  host.pages("node0", "2048", "512", "512").pages("node1", "2048", "0", "0");
  host.pci("0000:01:00.0", "vfio-pci").file("/sys/bus/pci/devices/0000:01:00.0/numa_node", "1");
  const Diagnosis diagnosis = hugepages_of(with_port(), host);
  EXPECT_EQ(diagnosis.health, Health::kWarn);
  EXPECT_NE(diagnosis.fix.find("/node1/"), std::string::npos) << diagnosis.fix;
  EXPECT_EQ(hugepages_of(with_port("net_null0"), host).health, Health::kOk);
}

TEST(DoctorHugepages, AKernelWithoutNodesHasThemInOnePlace) {
  MadeUpHost host;
  host.file("/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "2");
  host.file("/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "1");
  EXPECT_TRUE(in_short(hugepages_of(with_port(), host)).starts_with("ok: 1 of 2 pages of 1 GiB free; "));
  EXPECT_EQ(in_short(hugepages_of(with_port(), MadeUpHost())), "warn: this kernel has none");
}

TEST(DoctorHugepages, WithoutPortsSomeAreSuggested) {
  MadeUpHost host;
  host.pages("node0", "2048", "0", "0");
  EXPECT_NE(hugepages_of(Config{}, host).fix.find("echo 256 > "), std::string::npos);
}

TEST(DoctorMemory, TheTablesMustFit) {
  Config config = with_port();
  MadeUpHost host;
  host.pages("node0", "2048", "512", "512");
  const std::uint64_t tables = planned_table_bytes(config);
  host.file("/proc/meminfo",
            "MemTotal: 1 kB\nMemAvailable:   " + std::to_string(tables / 1024 + 1) + " kB\n");
  EXPECT_EQ(check_memory(config, host.files()).health, Health::kOk);
  config.memory.clients += 1000;
  EXPECT_EQ(check_memory(config, host.files()).health, Health::kFail);
}

TEST(DoctorMemory, WithoutHugepagesTheBuffersMustFitToo) {
  const Config config = with_port();
  MadeUpHost host;
  const std::uint64_t tables = planned_table_bytes(config);
  host.file("/proc/meminfo", "MemAvailable: " + std::to_string(tables / 1024 + 1) + " kB\n");
  EXPECT_EQ(check_memory(config, host.files()).health, Health::kFail);
}

TEST(DoctorMemory, EachWorkerHasTablesOfItsOwn) {
  Config one = with_port();
  Config two = one;
  two.ports[0].cores = {2, 3};
  EXPECT_GE(planned_table_bytes(two), planned_table_bytes(one) + one.memory.dns_stream_bytes);
  Config two_shards = two;
  two_shards.ports[0].shard_cores = {4, 5};
  EXPECT_EQ(planned_table_bytes(two_shards), planned_table_bytes(two) + 2 * one.memory.ring_events * 64);
}

}  // namespace
}  // namespace mgmt
