// Each detector as a signature, the noun by which readers of EVE know what an alert is about.
#pragma once

#include <cstdint>
#include <string_view>

namespace mgmt {

struct Signature {
  std::string_view detector;
  std::uint32_t id;  // never given to another; from Suricata's range for local rules
  std::string_view text;
  std::string_view category;  // the words of Suricata's classification.config
};

// One for all that have none of their own, too.
const Signature& signature_of(std::string_view detector) noexcept;

}  // namespace mgmt
