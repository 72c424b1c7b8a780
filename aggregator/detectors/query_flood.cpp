#include "aggregator/detectors/query_flood.h"

namespace aggregator {

QueryFlood::QueryFlood(const DetectorSettings& settings)
    : DnsFlood(
          settings,
          {kName, "queries_per_s", &ClientDemand::ordinary, settings.flood.queries,
           settings.flood.queries_per_connection, settings.flood.queries_per_connection,
           "If they come from outside, see that it answers recursive queries to your own networks only."}) {}

}  // namespace aggregator
