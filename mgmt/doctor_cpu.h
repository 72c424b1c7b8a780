// What `tapline doctor` says of the processors.
#pragma once

#include <cstdint>
#include <set>
#include <span>

#include "mgmt/config.h"
#include "mgmt/diagnosis.h"
#include "mgmt/host_files.h"
#include "mgmt/live_plan.h"

namespace mgmt {

using Cores = std::set<std::uint64_t>;

// Those that `tapline run` would use, of workers and shards.
Cores planned_cores(const LivePlan& plan);

// The port's cores are there, may be used, and no worker shares one with anybody on one of `ports`.
Diagnosis check_cores(const Config::Port& port, std::span<const Config::Port> ports, const HostFiles& host);

// The rest of `cores`; of all that are online where it is empty.
Diagnosis check_siblings(const Cores& cores, const HostFiles& host);
Diagnosis check_isolation(const Cores& cores, const HostFiles& host);
Diagnosis check_governor(const Cores& cores, const HostFiles& host);

// The time stamp counter, which packet times come from.
Diagnosis check_clock(const HostFiles& host);

}  // namespace mgmt
