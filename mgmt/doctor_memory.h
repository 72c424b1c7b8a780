// What `tapline doctor` says of memory: huge pages for the packet buffers, and enough of the rest.
#pragma once

#include <cstdint>
#include <map>

#include "mgmt/config.h"
#include "mgmt/diagnosis.h"
#include "mgmt/host_files.h"
#include "mgmt/live_plan.h"

namespace mgmt {

// What the ports' packet buffers need, by the NUMA node of the port (-1: any).
using BufferBytes = std::map<std::int64_t, std::uint64_t>;
BufferBytes planned_buffers(const LivePlan& plan, const HostFiles& host);

// What the tables and rings of [memory] come to once traffic has filled them.
std::uint64_t planned_table_bytes(const Config& config, const LivePlan& plan);

// A plan without ports: some hugepages are suggested, and the tables are those of one worker.
Diagnoses check_hugepages(const LivePlan& plan, const HostFiles& host);
Diagnosis check_memory(const Config& config, const LivePlan& plan, const HostFiles& host);

}  // namespace mgmt
