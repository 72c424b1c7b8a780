#include "aggregator/detectors/nxdomain_burst.h"

namespace aggregator {

NxdomainBurst::NxdomainBurst(const DetectorSettings& settings)
    : DnsFlood(settings, {kName, "nxdomain_per_s", &ClientDemand::nxdomain, settings.flood.nxdomain,
                          settings.flood.nxdomain_per_connection, settings.flood.nxdomain_per_received,
                          "Look at the names: random labels below one domain are an attack on its servers, "
                          "random domains are malware that looks for its master."}) {}

}  // namespace aggregator
