// Diagnoses as tests compare them.
#pragma once

#include <string>
#include <string_view>

#include "mgmt/diagnosis.h"

namespace tests {

// "warn: what was found"
inline std::string in_short(const mgmt::Diagnosis& diagnosis) {
  return std::string(mgmt::kHealthNames[static_cast<std::size_t>(diagnosis.health)]) + ": " + diagnosis.found;
}

// The one of this check; "" where there is none.
inline std::string in_short(const mgmt::Diagnoses& diagnoses, std::string_view check) {
  for (const mgmt::Diagnosis& diagnosis : diagnoses) {
    if (diagnosis.check == check) return in_short(diagnosis);
  }
  return "";
}

}  // namespace tests
