// What one line of a DNS server's query log says.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/address.h"

namespace wire {

// Its text is a view into the line.
struct QueryFact {
  Address client;
  std::string_view qname;   // presentation form as logged, with or without the dot at its end
  std::uint16_t qtype = 0;  // 0: the log does not say, or in words that are not known
  bool over_tcp = false;
  bool operator==(const QueryFact&) const = default;
};

}  // namespace wire
