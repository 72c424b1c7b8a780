// What `tapline doctor` says of a port before it is opened: its NIC, that NIC's driver, its kernel interface.
#pragma once

#include <span>

#include "mgmt/config.h"
#include "mgmt/diagnosis.h"
#include "mgmt/host_files.h"
#include "mgmt/kernel_offloads.h"
#include "mgmt/port_place.h"

namespace mgmt {

// What it takes to hand a PCI device to DPDK; nothing if no port is one.
Diagnoses check_vfio(std::span<const Config::Port> ports, const HostFiles& host);

Diagnosis check_driver(const Config::Port& port, const HostFiles& host);
Diagnosis check_numa(const Config::Port& port, const HostFiles& host);

// The interface through which the kernel hands out the port's frames; nothing where it does not.
Diagnoses check_interface(const Config::Port& port, const HostFiles& host, const ReadOffloads& read_offloads);

}  // namespace mgmt
