#include <gtest/gtest.h>

#include "mgmt/doctor_cpu.h"
#include "tests/support/diagnoses.h"
#include "tests/support/made_up_host.h"

namespace mgmt {
namespace {

using tests::in_short;
using tests::MadeUpHost;

Config::Port port_on(std::vector<std::uint64_t> cores, std::vector<std::uint64_t> shard_cores = {}) {
  Config::Port port;
  port.settings.name = "eth1";
  port.cores = std::move(cores);
  port.shard_cores = std::move(shard_cores);
  return port;
}

Diagnosis cores_of(const Config::Port& port, const MadeUpHost& host) {
  return check_cores(port, {&port, 1}, host.files());
}

TEST(DoctorCores, ThoseThatAreThereAreFine) {
  MadeUpHost host;
  host.cores("0-7");
  EXPECT_EQ(in_short(cores_of(port_on({2, 3}, {4}), host)), "ok: 2-3 for workers, 4 for shards");
  EXPECT_EQ(in_short(cores_of(port_on({2}), host)), "ok: 2 for the worker, chosen at start for shards");
  EXPECT_EQ(in_short(cores_of(port_on({}), host)), "ok: chosen at start");
}

TEST(DoctorCores, ACoreThatTheMachineDoesNotHaveFails) {
  MadeUpHost host;
  host.cores("0-3");
  const Diagnosis diagnosis = cores_of(port_on({2, 3, 4}, {9}), host);
  EXPECT_EQ(in_short(diagnosis), "fail: this machine has no cores 4,9");
  EXPECT_NE(diagnosis.advice.find("It has cores 0-3"), std::string::npos);
}

TEST(DoctorCores, ACoreThatIsOfflineFailsAndIsSwitchedOn) {
  MadeUpHost host;
  host.cores("0-3").cpu("online", "0-1");
  const Diagnosis diagnosis = cores_of(port_on({1, 2}, {3}), host);
  EXPECT_EQ(in_short(diagnosis), "fail: offline: cores 2-3");
  EXPECT_EQ(diagnosis.fix,
            "echo 1 > /sys/devices/system/cpu/cpu2/online\n"
            "echo 1 > /sys/devices/system/cpu/cpu3/online");
}

TEST(DoctorCores, ACoreThatTheProcessMayNotUseFails) {
  MadeUpHost host;
  host.cores("0-3").file("/proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-1\n");
  EXPECT_EQ(in_short(cores_of(port_on({1, 2}), host)), "fail: this process may not use core 2");
  EXPECT_EQ(cores_of(port_on({0, 1}), host).health, Health::kOk);
}

TEST(DoctorCores, AWorkerSharesItsCoreWithNobody) {
  MadeUpHost host;
  host.cores("0-7");
  const std::vector<Config::Port> ports = {port_on({2, 3}, {6}), port_on({3, 4}, {6}), port_on({5}, {2})};
  EXPECT_EQ(in_short(check_cores(ports[0], ports, host.files())), "fail: used twice: cores 2-3");
  EXPECT_EQ(in_short(check_cores(ports[1], ports, host.files())), "fail: used twice: core 3");
  EXPECT_EQ(in_short(check_cores(ports[2], ports, host.files())), "ok: 5 for the worker, 2 for shards");
}

TEST(DoctorHyperthreads, TwoOfOnePhysicalCoreAreNamed) {
  MadeUpHost host;
  for (const char* core : {"1", "5"})
    host.cpu("cpu" + std::string(core) + "/topology/thread_siblings_list", "1,5");
  for (const char* core : {"2", "6"})
    host.cpu("cpu" + std::string(core) + "/topology/thread_siblings_list", "2,6");
  EXPECT_EQ(in_short(check_siblings({1, 2}, host.files())), "ok: each core is a physical one of its own");
  EXPECT_EQ(in_short(check_siblings({}, host.files())), "ok: no core is planned for");
  const Diagnosis diagnosis = check_siblings({1, 2, 5, 6}, host.files());
  EXPECT_EQ(in_short(diagnosis), "warn: these of the cores are hyperthreads of one another: 1,5; 2,6");
  EXPECT_EQ(diagnosis.fix, "echo off > /sys/devices/system/cpu/smt/control");
}

TEST(DoctorIsolation, IsolatedCoresWithoutATickAreFine) {
  MadeUpHost host;
  host.cores("0-7").cpu("isolated", "2-5").cpu("nohz_full", "2-5");
  EXPECT_EQ(in_short(check_isolation({2, 3}, host.files())), "ok: isolated and without a tick: cores 2-3");
  EXPECT_EQ(in_short(check_isolation({}, host.files())), "ok: isolated and without a tick: cores 2-5");
}

TEST(DoctorIsolation, OthersComeWithTheKernelArgumentsToAdd) {
  MadeUpHost host;
  host.cores("0-7").cpu("isolated", "2").cpu("nohz_full", "(null)");
  const Diagnosis diagnosis = check_isolation({2, 3, 9}, host.files());
  EXPECT_EQ(in_short(diagnosis), "warn: not isolated: cores 3,9");
  EXPECT_NE(diagnosis.fix.find("&isolcpus=2-3 nohz_full=2-3 rcu_nocbs=2-3 /"), std::string::npos)
      << diagnosis.fix;
  EXPECT_EQ(in_short(check_isolation({2}, host.files())), "warn: isolated, but with a timer tick: core 2");
}

TEST(DoctorIsolation, WithoutConfiguredCoresTheFirstPhysicalOneIsLeftToTheSystem) {
  MadeUpHost host;
  host.cores("0-7").cpu("isolated", "").cpu("cpu0/topology/thread_siblings_list", "0,4");
  const Diagnosis diagnosis = check_isolation({}, host.files());
  EXPECT_EQ(in_short(diagnosis), "warn: no core is isolated");
  EXPECT_NE(diagnosis.fix.find("isolcpus=1-3,5-7 "), std::string::npos) << diagnosis.fix;
}

TEST(DoctorIsolation, AllCoresCannotBeIsolated) {
  MadeUpHost host;
  host.cores("0-1");
  const Diagnosis diagnosis = check_isolation({0, 1}, host.files());
  EXPECT_EQ(diagnosis.health, Health::kWarn);
  EXPECT_EQ(diagnosis.fix, "");
  EXPECT_NE(diagnosis.advice.find("leave it one"), std::string::npos) << diagnosis.advice;
}

TEST(DoctorGovernor, PerformanceIsFine) {
  MadeUpHost host;
  host.cores("0-1");
  EXPECT_EQ(in_short(check_governor({}, host.files())),
            "ok: the kernel does not change the processors' frequency");
  host.cpu("cpu0/cpufreq/scaling_governor", "powersave").cpu("cpu1/cpufreq/scaling_governor", "performance");
  EXPECT_EQ(in_short(check_governor({1}, host.files())), "ok: performance on core 1");
}

TEST(DoctorGovernor, AnotherIsSetOnTheCoresThatHaveIt) {
  MadeUpHost host;
  host.cores("0-3").cpu("cpu3/cpufreq/scaling_governor", "performance");
  for (const char* core : {"0", "1", "2"})
    host.cpu("cpu" + std::string(core) + "/cpufreq/scaling_governor", "powersave");
  const Diagnosis diagnosis = check_governor({}, host.files());
  EXPECT_EQ(in_short(diagnosis), "warn: performance on core 3, powersave on cores 0-2");
  EXPECT_EQ(diagnosis.fix,
            "for c in 0 1 2; do echo performance > /sys/devices/system/cpu/cpu$c/cpufreq/scaling_governor; "
            "done");
}

MadeUpHost clock_host(const std::string& current, const std::string& available, const std::string& flags) {
  const std::string folder = "/sys/devices/system/clocksource/clocksource0/";
  MadeUpHost host;
  host.file(folder + "current_clocksource", current).file(folder + "available_clocksource", available);
  host.file("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu " + flags + " sse2\n");
  return host;
}

TEST(DoctorClock, TscAtAConstantRateIsFine) {
  EXPECT_EQ(in_short(check_clock(clock_host("tsc", "tsc hpet ", "constant_tsc nonstop_tsc").files())),
            "ok: tsc, at a constant rate");
  EXPECT_EQ(in_short(check_clock(clock_host("kvm-clock", "kvm-clock ", "constant_tsc nonstop_tsc").files())),
            "ok: kvm-clock");
}

TEST(DoctorClock, AnotherSourceThanTscIsChanged) {
  const Diagnosis diagnosis = check_clock(clock_host("hpet", "hpet tsc", "constant_tsc nonstop_tsc").files());
  EXPECT_EQ(in_short(diagnosis), "warn: hpet instead of tsc");
  EXPECT_EQ(diagnosis.fix, "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource");
}

TEST(DoctorClock, ACounterThatTheKernelDoesNotTrustIsToldOf) {
  EXPECT_EQ(in_short(check_clock(clock_host("hpet", "hpet acpi_pm", "constant_tsc nonstop_tsc").files())),
            "warn: hpet; the kernel does not trust the time stamp counter");
}

TEST(DoctorClock, ACounterThatChangesItsRateIsToldOf) {
  EXPECT_EQ(in_short(check_clock(clock_host("tsc", "tsc", "nonstop_tsc").files())),
            "warn: tsc; the processor lacks constant_tsc");
  EXPECT_EQ(in_short(check_clock(clock_host("tsc", "tsc", "constant_tsc_2").files())),
            "warn: tsc; the processor lacks constant_tsc and nonstop_tsc");
}

}  // namespace
}  // namespace mgmt
