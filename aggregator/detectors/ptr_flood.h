// A DNS server that receives PTR queries far above their baseline.
#pragma once

#include "aggregator/detectors/dns_flood.h"

namespace aggregator {

class PtrFlood : public DnsFlood {
 public:
  static constexpr std::string_view kName = "ptr_flood";

  explicit PtrFlood(const DetectorSettings& settings);
};

}  // namespace aggregator
