#include "aggregator/detectors/ptr_flood.h"

namespace aggregator {

PtrFlood::PtrFlood(const DetectorSettings& settings)
    : DnsFlood(
          settings,
          {kName, "ptr_queries_per_s", &ClientDemand::ptr, settings.flood.ptr_queries,
           settings.flood.ptr_per_connection, settings.flood.ptr_per_received,
           "Somebody maps your networks by their names, or a program looks up each address that it logs."}) {}

}  // namespace aggregator
