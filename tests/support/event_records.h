// Records made by hand for tests of where they go.
#pragma once

#include <memory>
#include <string>

#include "mgmt/eve/event_record.h"

namespace tests {

// {"number":N}, and as much more as makes it `octets` long.
inline mgmt::EventRecord numbered_record(int number, std::size_t octets = 0) {
  std::string json = "{\"number\":" + std::to_string(number);
  constexpr std::size_t kAround = 10;  // ,"pad":""}
  if (json.size() + kAround < octets)
    json += ",\"pad\":\"" + std::string(octets - json.size() - kAround, 'x') + "\"";
  return {mgmt::EventType::kStats, mgmt::Urgency::kInformational, 0, json + "}"};
}

inline mgmt::SharedRecord shared_record(int number, std::size_t octets = 0) {
  return std::make_shared<const mgmt::EventRecord>(numbered_record(number, octets));
}

}  // namespace tests
