// A DNS server that answers NXDOMAIN far above its baseline: random subdomains, generated domains. Not
// counted are answers to PTR queries.
#pragma once

#include "aggregator/detectors/dns_flood.h"

namespace aggregator {

class NxdomainBurst : public DnsFlood {
 public:
  static constexpr std::string_view kName = "nxdomain_burst";

  explicit NxdomainBurst(const DetectorSettings& settings);
};

}  // namespace aggregator
