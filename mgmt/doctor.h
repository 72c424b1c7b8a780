// `tapline doctor`: what is wrong with the machine and the ports, before the operator finds out the hard way.
#pragma once

#include <cstdint>
#include <span>

#include "mgmt/config.h"
#include "mgmt/diagnosis.h"
#include "mgmt/host_files.h"
#include "mgmt/kernel_offloads.h"

namespace mgmt {

struct DoctorOptions {
  Config config;
  bool json = false;
};

// Throws UsageError, ConfigError, CLI::CallForHelp.
DoctorOptions read_doctor_words(std::span<const char* const> words);

// What can be told without opening a port.
Diagnoses diagnose_machine(const Config& config, const HostFiles& host, const ReadOffloads& read_offloads);

// Returns the exit status.
int doctor(const DoctorOptions& options);

}  // namespace mgmt
