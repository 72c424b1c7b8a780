// A DNS server that receives queries far above its baseline: not those for PTR records, nor those for names
// that do not exist, which have detectors of their own.
#pragma once

#include "aggregator/detectors/dns_flood.h"

namespace aggregator {

class QueryFlood : public DnsFlood {
 public:
  static constexpr std::string_view kName = "query_flood";

  explicit QueryFlood(const DetectorSettings& settings);
};

}  // namespace aggregator
