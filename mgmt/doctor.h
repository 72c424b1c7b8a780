// `tapline doctor`: what is wrong with the machine and the ports, before the operator finds out the hard way.
#pragma once

#include <cstdint>
#include <span>

#include "mgmt/config.h"
#include "mgmt/diagnosis.h"
#include "mgmt/doctor_listen.h"
#include "mgmt/host_files.h"
#include "mgmt/kernel_offloads.h"
#include "mgmt/live_plan.h"

namespace mgmt {

struct DoctorOptions {
  Config config;
  bool json = false;
  std::int64_t listen_ns = 3'000'000'000;  // 0: opens the ports only
};

// Throws UsageError, ConfigError, CLI::CallForHelp.
DoctorOptions read_doctor_words(std::span<const char* const> words);

// What can be told without opening a port.
Diagnoses diagnose_machine(const Config& config, const LivePlan& plan, const HostFiles& host,
                           const ReadOffloads& read_offloads);

// What the open ports and their traffic tell; `visits` are of the plan's ports.
Diagnoses diagnose_ports(const Config& config, const LivePlan& plan, std::span<const PortVisit> visits);

// Returns the exit status.
int doctor(const DoctorOptions& options);

}  // namespace mgmt
