#include "mgmt/doctor_cpu.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "mgmt/core_list.h"
#include "mgmt/shell_text.h"

namespace mgmt {
namespace {

constexpr std::string_view kCpuFolder = "/sys/devices/system/cpu";

std::string cpu_file(std::string_view name) {
  return fmt::format("{}/{}", kCpuFolder, name);
}
std::string cpu_file(std::uint64_t core, std::string_view name) {
  return fmt::format("{}/cpu{}/{}", kCpuFolder, core, name);
}

Cores cores_in(const HostFiles& host, std::string_view path) {
  const std::vector<std::uint64_t> list = host.list(path);
  return {list.begin(), list.end()};
}

std::string text_of(const Cores& cores) {
  return core_list_text(std::vector<std::uint64_t>(cores.begin(), cores.end()));
}

// "core 2", "cores 2-5".
std::string named(const Cores& cores) {
  return fmt::format("{} {}", cores.size() == 1 ? "core" : "cores", text_of(cores));
}

Cores without(const Cores& cores, const Cores& others) {
  Cores rest;
  std::ranges::set_difference(cores, others, std::inserter(rest, rest.end()));
  return rest;
}

Cores common(const Cores& cores, const Cores& others) {
  Cores both;
  std::ranges::set_intersection(cores, others, std::inserter(both, both.end()));
  return both;
}

Cores cores_of(const Config::Port& port) {
  Cores cores(port.cores.begin(), port.cores.end());
  cores.insert(port.shard_cores.begin(), port.shard_cores.end());
  return cores;
}

Cores siblings_of(std::uint64_t core, const HostFiles& host) {
  return cores_in(host, cpu_file(core, "topology/thread_siblings_list"));
}

// Of the worker, the core that it shares: with a worker of any port, or with a shard.
Cores shared_worker_cores(const Config::Port& port, std::span<const Config::Port> ports) {
  std::map<std::uint64_t, int> workers;
  Cores shards;
  for (const Config::Port& other : ports) {
    for (const std::uint64_t core : other.cores) ++workers[core];
    shards.insert(other.shard_cores.begin(), other.shard_cores.end());
  }
  Cores shared;
  for (const std::uint64_t core : port.cores) {
    if (workers[core] > 1 || shards.contains(core)) shared.insert(core);
  }
  return shared;
}

std::string online_fix(const Cores& cores) {
  std::string fix;
  for (const std::uint64_t core : cores)
    fix += fmt::format("{}echo 1 > {}", fix.empty() ? "" : "\n", cpu_file(core, "online"));
  return fix;
}

Cores or_online(const Cores& cores, const HostFiles& host) {
  return cores.empty() ? cores_in(host, cpu_file("online")) : cores;
}

// Those of `cores` that can be, or where there are none all but the first physical core. Empty if that would
// leave no core to the system.
Cores to_isolate(const Cores& cores, const HostFiles& host) {
  const Cores online = cores_in(host, cpu_file("online"));
  Cores first = siblings_of(0, host);
  first.insert(0);
  const Cores isolated = cores.empty() ? without(online, first) : common(cores, online);
  return isolated == online ? Cores{} : isolated;
}

std::string isolation_fix(const Cores& cores) {
  if (cores.empty()) return "";
  return kernel_arguments_fix(fmt::format("isolcpus={0} nohz_full={0} rcu_nocbs={0}", text_of(cores)));
}

std::string governor_fix(const Cores& cores) {
  std::string numbers;
  for (const std::uint64_t core : cores) numbers += fmt::format(" {}", core);
  return fmt::format("for c in{}; do echo performance > {}/cpu$c/cpufreq/scaling_governor; done", numbers,
                     kCpuFolder);
}

bool has_flag(std::string_view flags, std::string_view flag) {
  return fmt::format(" {} ", flags).find(fmt::format(" {} ", flag)) != std::string::npos;
}

// Of the processor; ARM and others have a counter of constant rate and no such flags.
std::optional<std::string> missing_tsc_flags(const HostFiles& host) {
  const std::string cpuinfo = host.text("/proc/cpuinfo").value_or("");
  const std::string flags = value_after(cpuinfo, "flags");
  if (flags.empty()) return std::nullopt;
  std::string missing;
  for (const char* flag : {"constant_tsc", "nonstop_tsc"}) {
    if (!has_flag(flags, flag)) missing += fmt::format("{}{}", missing.empty() ? "" : " and ", flag);
  }
  return missing.empty() ? std::nullopt : std::optional(missing);
}

}  // namespace

Cores planned_cores(const LivePlan& plan) {
  Cores cores;
  const auto take = [&](std::span<const Core> planned) {
    for (const Core& core : planned) {
      if (core) cores.insert(*core);
    }
  };
  for (const LivePlan::Port& port : plan.ports) take(port.cores);
  take(plan.shard_cores);
  return cores;
}

Diagnosis check_cores(const Config::Port& port, std::span<const Config::Port> ports, const HostFiles& host) {
  const Check check("cores", port.settings.name);
  const Cores cores = cores_of(port);
  if (cores.empty()) return check.ok("chosen at start");
  const Cores present = cores_in(host, cpu_file("present"));
  if (const Cores absent = without(cores, present); !absent.empty()) {
    return check.fail(fmt::format("this machine has no {}", named(absent)),
                      fmt::format("It has {}: name others in 'cores' and 'shard_cores'.", named(present)));
  }
  if (const Cores offline = without(cores, cores_in(host, cpu_file("online"))); !offline.empty()) {
    return check.fail(fmt::format("offline: {}", named(offline)), "No thread can run there.",
                      online_fix(offline));
  }
  const std::string status = host.text("/proc/self/status").value_or("");
  const auto list = parse_core_list(value_after(status, "Cpus_allowed_list"), kCoreRange.most);
  const Cores allowed = list ? Cores(list->begin(), list->end()) : Cores{};
  if (const Cores denied = without(cores, allowed); !allowed.empty() && !denied.empty()) {
    return check.fail(fmt::format("this process may not use {}", named(denied)),
                      "A container, a service setting (CPUAffinity=, AllowedCPUs=) or taskset keeps it to "
                      "others.",
                      fmt::format("taskset -pc {} $$", text_of(cores)));
  }
  if (const Cores shared = shared_worker_cores(port, ports); !shared.empty()) {
    return check.fail(
        fmt::format("used twice: {}", named(shared)),
        "A worker never sleeps: who shares its core has half of it. Give each worker one of its "
        "own, and the shards others.");
  }
  return check.ok(fmt::format("{} for {}, {} for shards", text_of({port.cores.begin(), port.cores.end()}),
                              port.cores.size() == 1 ? "the worker" : "workers",
                              port.shard_cores.empty()
                                  ? "chosen at start"
                                  : text_of({port.shard_cores.begin(), port.shard_cores.end()})));
}

Diagnosis check_siblings(const Cores& cores, const HostFiles& host) {
  const Check check("hyperthreads", kHostSubject);
  Cores seen;
  std::string pairs;
  for (const std::uint64_t core : cores) {
    if (seen.contains(core)) continue;
    Cores together = common(siblings_of(core, host), cores);
    if (together.size() > 1) pairs += fmt::format("{}{}", pairs.empty() ? "" : "; ", text_of(together));
    seen.merge(together);
  }
  if (!pairs.empty()) {
    return check.warn(fmt::format("these of the cores are hyperthreads of one another: {}", pairs),
                      "Two that poll on one physical core have little more than half of it each. Name one of "
                      "each, or switch hyperthreads off.",
                      fmt::format("echo off > {}", cpu_file("smt/control")));
  }
  return check.ok(cores.empty() ? "no core is planned for" : "each core is a physical one of its own");
}

Diagnosis check_isolation(const Cores& cores, const HostFiles& host) {
  const Check check("isolation", kHostSubject);
  const Cores isolated = cores_in(host, cpu_file("isolated"));
  const Cores tickless = cores_in(host, cpu_file("nohz_full"));
  const Cores wanted = to_isolate(cores, host);
  if (isolated.empty() || !without(cores, isolated).empty()) {
    return check.warn(isolated.empty() ? "no core is isolated"
                                       : fmt::format("not isolated: {}", named(without(cores, isolated))),
                      std::string("The scheduler may put other work there, and the NIC's queue overflows "
                                  "meanwhile.") +
                          (wanted.empty() ? " The system needs a core too: leave it one." : ""),
                      isolation_fix(wanted));
  }
  const Cores used = cores.empty() ? isolated : cores;
  if (const Cores ticking = without(used, tickless); !ticking.empty()) {
    return check.warn(fmt::format("isolated, but with a timer tick: {}", named(ticking)),
                      "The tick stops a worker for microseconds, up to a thousand times a second.",
                      kernel_arguments_fix(fmt::format("nohz_full={0} rcu_nocbs={0}", text_of(used))));
  }
  return check.ok(fmt::format("isolated and without a tick: {}", named(used)));
}

Diagnosis check_governor(const Cores& cores, const HostFiles& host) {
  const Check check("governor", kHostSubject);
  std::map<std::string, Cores> by_governor;
  for (const std::uint64_t core : or_online(cores, host)) {
    const std::string governor = host.line(cpu_file(core, "cpufreq/scaling_governor"));
    if (!governor.empty()) by_governor[governor].insert(core);
  }
  if (by_governor.empty()) return check.ok("the kernel does not change the processors' frequency");
  std::string found;
  Cores slow;
  for (const auto& [governor, at] : by_governor) {
    found += fmt::format("{}{} on {}", found.empty() ? "" : ", ", governor, named(at));
    if (governor != "performance") slow.insert(at.begin(), at.end());
  }
  if (slow.empty()) return check.ok(found);
  return check.warn(found, "A core that has slowed down meets a burst late and loses frames.",
                    governor_fix(slow));
}

Diagnosis check_clock(const HostFiles& host) {
  constexpr std::string_view kFolder = "/sys/devices/system/clocksource/clocksource0";
  const Check check("clock", kHostSubject);
  const std::string current = host.line(fmt::format("{}/current_clocksource", kFolder));
  const std::string available = host.line(fmt::format("{}/available_clocksource", kFolder));
  if (const auto missing = missing_tsc_flags(host)) {
    return check.warn(fmt::format("{}; the processor lacks {}", current, *missing),
                      "Packet times come from the time stamp counter, which then runs at a changing rate: "
                      "delays are wrong. Prefer a NIC with timestamps, or another machine.");
  }
  if (current == "tsc") return check.ok("tsc, at a constant rate");
  if (!has_flag(available, "tsc")) {
    // kvm-clock and Hyper-V's are the time stamp counter too; a kernel that struck tsc from the list did not
    // trust it.
    const bool counter_below = current == "kvm-clock" || current.starts_with("hyperv");
    if (counter_below || current == "arch_sys_counter") return check.ok(current);
    return check.warn(fmt::format("{}; the kernel does not trust the time stamp counter", current),
                      "Packet times come from it: delays between cores may be wrong. Look for the reason.",
                      "dmesg | grep -i tsc");
  }
  return check.warn(fmt::format("{} instead of tsc", current),
                    "Reading it costs a system call or a slow device, up to a microsecond each time.",
                    fmt::format("echo tsc > {}/current_clocksource", kFolder));
}

}  // namespace mgmt
